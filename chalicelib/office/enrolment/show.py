"""A family's whole re-enrolment for the office, also found by a receipt's number."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.campaign.funnel import Step, enrolment_step
from chalicelib.domain.dossiers.documents import ProvidedDocument
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision
from chalicelib.domain.enrolment.paperwork import required_documents
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentRef, season_of, seasons_kept
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import NotThere
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil, opinions_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen

_BETWEEN: Final = "."
_PARTS: Final = 3


@frozen
class PupilVersion:
    """One pupil, by its key, as a page showed it. Missing parts are empty."""

    key: str
    receipt: str = ""
    household: str = ""
    decision: str = ""

    @classmethod
    def of(cls, pupil: EnrolledPupil) -> "PupilVersion":
        """Describe the current pupil."""
        sent, household = pupil.file.sent, pupil.family.enrolment.household_receipt
        return cls(
            pupil.file.key,
            sent.receipt if sent else "",
            household.number if household else "",
            _fingerprint(sent.decision) if sent and sent.decision else "",
        )

    @classmethod
    def parse(cls, key: str, text: str) -> "PupilVersion":
        """Parse a form's value. A value that no page of ours wrote matches nothing."""
        parts = text.split(_BETWEEN)
        return cls(key, *parts) if len(parts) == _PARTS else cls(key)

    @property
    def text(self) -> str:
        """Format it for a form."""
        return _BETWEEN.join((self.receipt, self.household, self.decision))

    def check(self, pupil: EnrolledPupil, wanted: EnrolmentDecision) -> None:
        """Check that a pupil is unchanged since it was shown, or already so decided. Raises `OfficeRefusal`."""
        now, name, sent = PupilVersion.of(pupil), pupil.file.name, pupil.file.sent
        household = pupil.family.enrolment.household_receipt
        if sent is None:
            raise OfficeRefusal("decide_vanished" if self.receipt else "decide_nothing_sent", name=name)
        if now.receipt != self.receipt:
            raise OfficeRefusal("decide_resent", name=name, number=sent.receipt, at=sent.at)
        if household and now.household != self.household:
            raise OfficeRefusal("decide_household", number=household.number, at=household.at)
        if sent.decision and now.decision != self.decision and not sent.decision.says_the_same(wanted):
            raise OfficeRefusal("decide_meanwhile", name=name, decision=sent.decision)


def _fingerprint(decision: EnrolmentDecision) -> str:
    facts = (decision.verdict, decision.by, int(decision.at.timestamp()), decision.words)
    return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()


_NUMBER: Final = re.compile(r"R(\d\d)(-[A-Z0-9]{4}){2}")


@frozen
class Document:
    """A required document: its title, its owner (empty for the household), and how it is provided, if it is."""

    title: str
    of: str
    provided: ProvidedDocument | None


@frozen
class EnrolmentOverview:
    """A family's re-enrolment as read. `step` is None if it is not begun."""

    now: datetime
    family: EnrolledFamily
    site: Site | None
    step: Step | None
    documents: tuple[Document, ...]
    last_year: Enrolment | None


def family_overview(services: Services, ref: AccountRef, season: str | None, now: datetime) -> EnrolmentOverview:
    """Read a known family's whole re-enrolment, with last year's, at once. Raises `NotThere`."""
    season = _season(services, ref, season, now)
    before = EnrolmentRef(ref, str(int(season) - 1))
    account, enrolment, last_year = services.database.read_together(
        services.accounts.lookup(ref),
        services.enrolments.lookup(EnrolmentRef(ref, season)),
        services.enrolments.lookup(before),
    )
    network, opinions = services.settings.network, opinions_of(services, ref.site, season, now, ref.identifier)
    family = replace(_family(account, enrolment), opinions=opinions)
    pupils, today = family.account.household.pupils_by_key, now.astimezone(PARIS).date()
    wanted = required_documents(network.enrolment.document_rules, pupils, enrolment, today)
    documents = (Document(one.rule.title, one.name, enrolment.document(*one.slot)) for one in wanted)
    return EnrolmentOverview(
        now,
        family,
        network.site(ref.site),
        enrolment_step(family.account, enrolment),
        tuple(documents),
        last_year if last_year.started_at else None,
    )


def family_in_season(services: Services, ref: AccountRef, season: str | None, now: datetime) -> EnrolledFamily:
    """Read a known family and its re-enrolment, of a season or of its site's period. Raises `NotThere`."""
    return family_of(services, EnrolmentRef(ref, _season(services, ref, season, now)))


def family_of(services: Services, ref: EnrolmentRef) -> EnrolledFamily:
    """Read a known family and its re-enrolment of a season, at once. Raises `NotThere`."""
    account, enrolment = services.database.read_together(
        services.accounts.lookup(ref.account), services.enrolments.lookup(ref)
    )
    return _family(account, enrolment)


def _season(services: Services, ref: AccountRef, asked_for: str | None, now: datetime) -> str:
    """Name the requested season, or that of the site's period, at most five minutes old."""
    season = asked_for or season_of(services.periods.recent(now).of(ref.site), now)
    if season not in seasons_kept(now):
        raise NotThere
    return season


def _family(account: Account | None, enrolment: Enrolment) -> EnrolledFamily:
    if account is None or account.role == GUARDIAN:
        raise NotThere
    return EnrolledFamily(account, enrolment)


def receipt_number(typed: str) -> str | None:
    """Parse the number of a receipt, however it is spelt. None if the text is no such number."""
    number = number_from(typed)
    return number if _NUMBER.fullmatch(number) else None


def find_by_receipt(services: Services, number: str, sites: Iterable[str], now: datetime) -> EnrolmentRef:
    """Find the re-enrolment of a receipt at some sites: a Query of the season at each. Raises `OfficeRefusal`.

    A receipt of another site is refused exactly as one that does not exist.
    """
    season = f"20{number[1:3]}"
    for site in sites if season in seasons_kept(now) else ():
        enrolment = services.enrolments.with_receipt(number, season, site)
        if enrolment:
            return enrolment.ref
    raise OfficeRefusal("receipt_unknown", number=number)
