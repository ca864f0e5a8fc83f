"""The timeline of a file: its mails, answers, changes, decisions and readings, with their authors, newest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.family.corrections import OFFICE
from chalicelib.presentation.office import accounts, corrections, enrolments
from chalicelib.presentation.papers import paper_text
from chalicelib.presentation.texts import campaign, describe_change
from chalicelib.values import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.account.accounts import Account
    from chalicelib.domain.account.audit import AuditAction, AuditEntry
    from chalicelib.domain.enrolment.enrolments import Enrolment
    from chalicelib.office.enrolment.show import EnrolmentOverview
    from chalicelib.office.family_file import FamilyFile
    from chalicelib.office.helpdesk.show import AccountOverview
    from chalicelib.wings.admission.domain.applications import Application

Kind = Literal["sent", "mailed", "returned", "changed", "decided", "noted", "read"]
ALL: Final = "tout"
_SHOWN: Final = 7  # the newest, until all are asked for
# The kinds by the value of `?fil=`, with the words of their filter.
CHIPS: Final[dict[str, tuple[Kind, str]]] = {
    "envois": ("sent", "Envoyé par la famille"),
    "mails": ("mailed", "Mails"),
    "retours": ("returned", "Mails revenus"),
    "changements": ("changed", "Changé"),
    "decisions": ("decided", "Décidé"),
    "notes": ("noted", "Notes et appels"),
    "lectures": ("read", "Lu"),
}
CHOICES: Final = frozenset({ALL, *CHIPS})
_MAILED: Final[frozenset[AuditAction]] = frozenset({"resent", "login_invited", "letter_printed"})
_NOTED: Final[frozenset[AuditAction]] = frozenset(
    {"noted", "called", "note_removed", "file_taken", "file_given", "file_returned", "call_planned", "call_done"}
)
_READ: Final[frozenset[AuditAction]] = frozenset({"documents_read", "exported"})
_CORRECTED: Final = "_changed"  # the ending of a correction's name
_ADDRESS: Final = re.compile(r" <[^>]*>")
_ENTERED: Final = accounts.ACTS["enrolment_entered"]
# The beginning of an act's name.
_DECIDED: Final = ("pupil_", "document_acc", "document_ref", "request_", "place_", "absence_")


@frozen
class Event:
    """One event of a file. `pupil`: the key of the one whose current decision it is."""

    at: datetime
    kind: Kind
    title: str
    author: str = ""
    why: str = ""
    pupil: str = ""
    note: str = ""  # the name of an entry that the reader may delete

    @property
    def by(self) -> str:
        """Its author without an address."""
        return _ADDRESS.sub("", self.author)


@frozen
class Timeline:
    """The events to show, the chosen filter, the filters of the kinds that there are, and the number left out."""

    events: tuple[Event, ...]
    choice: str
    chips: dict[str, str]
    rest: int


def timeline(events: Iterable[Event], kind_shown: str) -> Timeline:
    """Choose the events to show: of one kind, all, or the newest. Consultations are left out of these, unless alone."""
    newest_first = sorted(events, key=lambda event: event.at, reverse=True)
    kinds = {event.kind for event in newest_first}
    events_shown = newest_first
    if kind_shown in CHIPS:
        events_shown = [event for event in newest_first if event.kind == CHIPS[kind_shown][0]]
    elif kind_shown != ALL:
        events_shown = ([event for event in newest_first if event.kind != "read"] or newest_first)[:_SHOWN]
    chips = {name: words for name, (kind, words) in CHIPS.items() if kind in kinds}
    return Timeline(tuple(events_shown), kind_shown, chips, len(newest_first) - len(events_shown))


def of_family(file: FamilyFile) -> Iterator[Event]:
    """List the events of a family's file, also those of its re-enrolment and its applications."""
    pupils = file.enrolment.family.enrolment.pupils if file.enrolment else ()
    decisions = {one.sent.decision.at: one.key for one in pupils if one.sent and one.sent.decision}
    entered_at = {one.at for one in (file.enrolment.family.enrolment.receipts if file.enrolment else ()) if one.paper}
    for event in _changes(file.overview):
        if event.at not in entered_at or event.title != _ENTERED:  # `_receipts` lists it
            yield replace(event, pupil=decisions.get(event.at, "")) if event.kind == "decided" else event
    for notice in file.overview.notices:
        kind: Kind = "returned" if notice.state in accounts.FAILURES else "mailed"
        to = notice.email or "une ancienne adresse"
        yield Event(notice.at, kind, f"mail « {campaign(notice.campaign)} » {accounts.NOTICES[notice.state]}, à {to}")
    for address in file.overview.addresses:
        if address.failing:
            yield Event(address.failing.at, "returned", f"{address.email} : {accounts.FAILURES[address.failing.kind]}")
    if file.enrolment:
        yield from _receipts(file.enrolment.family.enrolment)
    for application in file.parts.get("applications", ()):
        yield from of_sendings(application)
    for consultation in file.consultations:
        times = f", {consultation.times} fois en une demi-heure" if consultation.times > 1 else ""
        yield Event(
            consultation.at,
            "read",
            f"consultation : {accounts.CONSULTATIONS.get(consultation.kind, consultation.kind)}{times}",
            consultation.who,
        )


def _changes(overview: AccountOverview) -> Iterator[Event]:
    """List the changes of an account and the office's acts. Its corrections are one event, with their reason."""
    reasons = {act.at: act for act in overview.acts if act.kind.endswith(_CORRECTED)}
    for event in of_account(overview.account):
        act = reasons.pop(event.at, None) if event.author.startswith(OFFICE) else None
        yield replace(event, author=act.author.who, why=act.author.why) if act else event
    yield from of_acts(act for act in overview.acts if act.at in reasons or not act.kind.endswith(_CORRECTED))


def of_enrolment(overview: EnrolmentOverview) -> Iterator[Event]:
    """List the events of a family's re-enrolment, and those of its account."""
    yield from of_account(overview.family.account)
    yield from _receipts(overview.family.enrolment)
    for file in overview.family.enrolment.pupils:
        if file.sent and (decision := file.sent.decision):
            title = f"{file.name} : {enrolments.VERDICTS.get(decision.verdict, decision.verdict)}"
            yield Event(decision.at, "decided", title, decision.by, decision.words, file.key)


def of_account(account: Account) -> Iterator[Event]:
    """List the events that an account keeps: passwords mailed, coordinates changed and confirmed."""
    for letter in account.letters:
        yield Event(letter.at, "mailed", "mot de passe envoyé")
    for change in trail(account):
        old, new = describe_change(change)
        yield Event(
            change.at, "changed", f"{corrections.field_name(change)} : {old} → {new}", corrections.author(change)
        )
    if account.confirmed:
        yield Event(account.confirmed.at, "sent", "coordonnées confirmées", account.confirmed.by)


def of_acts(acts: Iterable[AuditEntry]) -> Iterator[Event]:
    """List acts of the office as events."""
    for act in acts:
        yield Event(act.at, kind_of(act.kind), accounts.ACTS[act.kind], act.author.who, act.author.why, note=act.name)


def kind_of(act: AuditAction) -> Kind:
    """Classify an act of the office."""
    if act in _MAILED:
        return "mailed"
    if act in _NOTED:
        return "noted"
    if act in _READ:
        return "read"
    return "decided" if act.startswith(_DECIDED) else "changed"


def _receipts(enrolment: Enrolment) -> Iterator[Event]:
    for receipt in enrolment.receipts:
        names = [name for _, name, _ in receipt.pupils]
        names += ["foyer"] * (receipt.with_household or not names)
        title, paper = _ENTERED if receipt.paper else "réinscription envoyée", receipt.paper
        by, why = (paper.by, paper_text(paper)) if paper else (receipt.by, "")
        yield Event(receipt.at, "sent", f"{title} : {', '.join(names)} (reçu {receipt.number})", by, why)


def of_sendings(application: Application) -> Iterator[Event]:
    """List the sendings of an application as events."""
    if request := application.sent:
        yield Event(request.first_at, "sent", f"demande {request.number} envoyée", request.answers.guardian)
        if request.at != request.first_at:
            yield Event(request.at, "sent", f"demande {request.number} renvoyée", request.answers.guardian)
