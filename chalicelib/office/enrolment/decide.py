"""The office's decision on sent pupils as a page showed them: accepted, declined or to complete."""

import secrets
from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, SentAnswers, Verdict
from chalicelib.domain.enrolment.submissions import record_decision
from chalicelib.mail.outbox import Outbox
from chalicelib.office import audit_notes
from chalicelib.office.account import audit, tidy_field
from chalicelib.office.enrolment.mails import decision_mails
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil
from chalicelib.office.enrolment.show import PupilVersion
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

LONGEST_TEXT: Final = fields.longest("decision_words")
_KINDS: Final[dict[Verdict, AuditAction]] = {
    "accepted": "pupil_accepted",
    "declined": "pupil_declined",
    "to_complete": "pupil_asked",
}


@frozen
class EnrolmentDecisionInput:
    """A decision to make: its words, author and, if kept apart, its reason. `again`: overrides another decision."""

    verdict: Verdict
    who: str = field(repr=False)
    words: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    again: bool = False


@frozen
class PupilDecision:
    """The decision made on a pupil, and the one it replaces. Not changed if the same was already stored."""

    pupil: EnrolledPupil
    decision: EnrolmentDecision
    replaced: EnrolmentDecision | None
    is_new: bool


@frozen
class DecisionResult:
    """The decisions made on a family's pupils."""

    family: EnrolledFamily
    pupils: tuple[PupilDecision, ...]


def decide_as_shown(
    services: Services,
    family: EnrolledFamily,
    shown: Sequence[PupilVersion],
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> DecisionResult:
    """Decide on a family's pupils as a page showed them, all by one write. Raises `OfficeRefusal`.

    Idempotent: the same decision by the same person changes nothing, unless the household was sent again since and
    `again` is set.
    """
    decision_input = check_input(decision_input)
    decisions = tuple(preview_decision(family, one, decision_input, now) for one in shown)
    return _decide(services, family, decisions, decision_input, now)


def preview_decision(
    family: EnrolledFamily, version: PupilVersion, decision_input: EnrolmentDecisionInput, now: datetime
) -> PupilDecision:
    """Preview a decision on a pupil as a page showed it, without writing. Raises `OfficeRefusal`.

    A pupil sent again, or decided otherwise, since the page is refused. The same decision is accepted.
    """
    decision = _decision(decision_input, now)
    pupil = next((pupil for pupil in family.pupils if pupil.file.key == version.key), None)
    if pupil is None:
        raise OfficeRefusal("decide_vanished")
    version.check(pupil, decision)
    _check_sent(pupil)
    return _decide_pupil(pupil, decision, again=decision_input.again)


def _check_sent(pupil: EnrolledPupil) -> None:
    name, sent = pupil.file.name, pupil.file.sent
    if sent is None:
        raise OfficeRefusal("decide_nothing_sent", name=name)
    if sent.answers.stays is False:
        raise OfficeRefusal("decide_leaving", name=name)


def _decision(decision_input: EnrolmentDecisionInput, now: datetime) -> EnrolmentDecision:
    return EnrolmentDecision(decision_input.verdict, decision_input.who, now, decision_input.words)


def _decide(
    services: Services,
    family: EnrolledFamily,
    decisions: tuple[PupilDecision, ...],
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> DecisionResult:
    fresh = [entry for entry in decisions if entry.is_new]
    if not fresh:
        return DecisionResult(family, decisions)
    kind, author = _KINDS[decision_input.verdict], Author(decision_input.who, _why(fresh, decision_input))
    audit(services, family.account.ref, kind, author, now)
    _write(services, family, fresh)
    return DecisionResult(family, decisions)


def check_input(decision_input: EnrolmentDecisionInput) -> EnrolmentDecisionInput:
    """Tidy the fields, and require the missing ones. Raises `OfficeRefusal`."""
    why, text = tidy_field("office_why", decision_input.why), tidy_field("decision_words", decision_input.words)
    if not text and decision_input.verdict != "accepted":
        raise OfficeRefusal("decide_words", longest=LONGEST_TEXT)
    return replace(decision_input, words=text, why=why)


def _decide_pupil(pupil: EnrolledPupil, decision: EnrolmentDecision, *, again: bool) -> PupilDecision:
    before = pupil.file.sent.decision if pupil.file.sent else None
    looks_again = again and pupil.household_change is not None
    if before and before.says_the_same(decision) and not looks_again:
        return PupilDecision(pupil, before, None, is_new=False)
    if before and not pupil.file.is_open and not again:
        raise OfficeRefusal("decide_before", name=pupil.file.name, decision=before)
    return PupilDecision(pupil, decision, before, is_new=True)


def _why(fresh: list[PupilDecision], decision_input: EnrolmentDecisionInput) -> str:
    """Write for the audit trail the pupils, the receipts, the decisions replaced and the reason."""
    subjects = [_subject(entry) for entry in fresh]
    return " ; ".join((*subjects, *filter(None, (decision_input.why or decision_input.words,))))


def _subject(entry: PupilDecision) -> str:
    sent = entry.pupil.file.sent
    return f"{entry.pupil.file.name} (reçu {sent.receipt if sent else ''}){audit_notes.replaced(entry.replaced)}"


def _write(services: Services, family: EnrolledFamily, fresh: list[PupilDecision]) -> None:
    """Write the decisions, on condition that each pupil's answers and decision are unchanged. Raises `OfficeRefusal`.

    The mails are posted before (docs/decisions/0006), and are sent only if these decisions are written.
    """

    def record(enrolment: Enrolment) -> Enrolment:
        for entry in fresh:
            _check_same(enrolment, entry)
            enrolment = record_decision(enrolment, entry.pupil.file.key, entry.decision, again=True) or enrolment
        return enrolment

    mails, request = Outbox(services.post_box), f"decision-{secrets.token_hex(8)}"

    def post(_before: Enrolment, after: Enrolment) -> None:
        for entry in fresh:
            mails.post(*decision_mails(services, family.account, after, entry.pupil.file.key, request))

    services.enrolments.revise(family.enrolment, record, post)


def _check_same(enrolment: Enrolment, entry: PupilDecision) -> None:
    known, name = entry.pupil.file, entry.pupil.file.name
    file = enrolment.pupil(known.key)
    if file is None or file.sent is None:
        raise OfficeRefusal("decide_vanished")
    if known.sent is None or file.sent.receipt != known.sent.receipt:
        raise OfficeRefusal("decide_resent", name=name, **_receipt_facts(file.sent))
    if file.sent.decision and file.sent.decision != known.sent.decision:
        raise OfficeRefusal("decide_meanwhile", name=name, decision=file.sent.decision)


def _receipt_facts(sent: SentAnswers) -> dict[str, object]:
    return {"number": sent.receipt, "at": sent.at}
