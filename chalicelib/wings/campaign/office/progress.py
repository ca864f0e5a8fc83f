"""The progress of families in a season: counts by site and step, and the families at a step."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, Exclusion
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.funnel import STEPS, Step, best_notice, enrolment_step, step_of
from chalicelib.domain.enrolment.periods import EnrolmentRef, season_of
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, families, seasons_of
from chalicelib.services.family import Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.campaign.domain.campaigns import Campaign

Milestone = Literal["imported", "notified", "delivered", "password", "logged_in", "started", "submitted", "validated"]

_SENT: Final[tuple[Step, ...]] = ("submitted", "to_complete", "validated")
_STARTED: Final[tuple[Step, ...]] = ("started", *_SENT)
_CAME: Final[tuple[Step, ...]] = ("logged_in", *_STARTED)
# For each successive step, the steps of the families that have reached it. A family that logs in or re-enrols without
# a mail of the campaign was not notified by it: `Tally.untold`.
AT_LEAST: Final[dict[Milestone, tuple[Step, ...]]] = {
    "imported": STEPS,
    "notified": ("notified", "bounced", "delivered", "password", *_CAME),
    "delivered": ("delivered", "password", *_CAME),
    "password": ("password", *_CAME),
    "logged_in": _CAME,
    "started": _STARTED,
    "submitted": _SENT,
    "validated": ("validated",),
}


@dataclass
class Tally:
    """The families of one site, or of all, by step, and those outside the season."""

    name: str
    standing: Counter[Step] = field(default_factory=Counter)
    apart: Counter[Exclusion] = field(default_factory=Counter)
    unreachable: int = 0  # of those not written to: no address on file works
    gone_submitted: int = 0  # of those apart: no longer in the yearly file, with a sent re-enrolment
    untold: Counter[Milestone] = field(default_factory=Counter)  # of those who came further, without this step

    @property
    def families(self) -> int:
        """The number of families in the season."""
        return self.standing.total()

    def count_reached(self, step: Milestone) -> int:
        """Count the families that have reached a step."""
        return sum(self.standing[standing] for standing in AT_LEAST[step]) - self.untold[step]

    def add(self, other: "Tally") -> None:
        """Add another tally's families."""
        self.standing += other.standing
        self.apart += other.apart
        self.unreachable += other.unreachable
        self.gone_submitted += other.gone_submitted
        self.untold += other.untold


@frozen
class ProgressReport:
    """All families' progress at a moment, by site."""

    season: Campaign | None
    at: datetime
    sites: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        """Add the sites up."""
        total = Tally("Total")
        for tally in self.sites.values():
            total.add(tally)
        return total

    @property
    def rows(self) -> list[Tally]:
        """List the sites, then their total. A single site has no total."""
        return [*self.sites.values(), *([self.total] if len(self.sites) > 1 else [])]


@frozen
class FamilyAtStep:
    """A family at a step: since when, if known, and whether an address on file works."""

    account: Account
    step: Step
    since: datetime | None
    is_reachable: bool


def family_step(family: EnrolledFamily, season: Campaign | None) -> Step:
    """Find a family's step. Before any campaign, it is the file's, unless the re-enrolment has begun."""
    account, enrolment = family.account, family.enrolment
    if season is None:
        return enrolment_step(account, enrolment) or "imported"
    return step_of(account, season.name, season.started_at, enrolment)


def progress_report(  # noqa: PLR0913 - the scope of the count
    services: Services,
    season: Campaign | None,
    sites: Sequence[Site],
    now: datetime,
    advance: Callable[[], None],
    *,
    with_former_sites: bool = True,
) -> ProgressReport:
    """Count the families of some sites. With all of them, also those of former sites unless excluded."""
    tallies = {site.code: Tally(site.name) for site in sites}
    is_all = with_former_sites and len(sites) > 1
    for family in _families(services, sites, now, with_former_sites=is_all):
        site = family.account.ref.site
        _count(tallies.setdefault(site, Tally(site)), family, season, services.record.pseudonyms)
        advance()
    return ProgressReport(season, now, tallies)


def _families(
    services: Services, sites: Sequence[Site], now: datetime, *, with_former_sites: bool
) -> Iterator[EnrolledFamily]:
    for site, season in seasons_of(services, sites, now).items():
        yield from families(services, site.code, season)
    if with_former_sites:
        for account in services.accounts.outside([site.code for site in sites]):
            yield EnrolledFamily(account, Enrolment(EnrolmentRef(account.ref, season_of(None, now))))


def families_at(
    services: Services, season: Campaign | None, sites: Sequence[Site], step: Step, now: datetime
) -> Iterator[FamilyAtStep]:
    """List the families at a step, site by site, by identifier."""
    pseudonyms = services.record.pseudonyms
    for site, year in seasons_of(services, sites, now).items():
        for family in families(services, site.code, year):
            account = family.account
            if account.exclusion is None and family_step(family, season) == step:
                yield FamilyAtStep(account, step, _since(family, season, step), bool(account.reachable(pseudonyms)))


def _count(tally: Tally, family: EnrolledFamily, season: Campaign | None, pseudonyms: Pseudonyms) -> None:
    reason = family.account.exclusion
    if reason:
        tally.apart[reason] += 1
        tally.gone_submitted += family.account.gone_at is not None and family.has_sent
        return
    step = family_step(family, season)
    tally.standing[step] += 1
    tally.unreachable += step == "imported" and not family.account.reachable(pseudonyms)
    if step in _CAME:
        tally.untold.update(_untold(family.account, season))


def _untold(account: Account, season: Campaign | None) -> tuple[Milestone, ...]:
    """List the steps that a family skipped: not mailed by the campaign, or its mail failed."""
    notice = best_notice(account, season.name, season.started_at) if season else None
    if notice is None or notice.state == "sending":
        return "notified", "delivered"
    return () if notice.state in {"sent", "delivered"} else ("delivered",)


def _since(family: EnrolledFamily, season: Campaign | None, step: Step) -> datetime | None:
    """Find when a family reached a step. The last login stands for the first, which is not stored."""
    account = family.account
    if step in _STARTED:
        return _since_enrolled(family, step)
    if season is None or step == "imported":
        return None
    if step == "logged_in":
        return account.last_login
    if step == "password" and account.password and account.password.changed_at >= season.started_at:
        return account.password.changed_at
    notice = best_notice(account, season.name, season.started_at)
    return notice.at if notice else None


def _since_enrolled(family: EnrolledFamily, step: Step) -> datetime | None:
    """Find when a re-enrolment reached a step: its last sending or decision."""
    if step == "started":
        return family.enrolment.started_at
    sendings = [pupil.sent for pupil in family.enrolment.pupils if pupil.sent]
    decisions = [sending.decision.at for sending in sendings if sending.decision]
    return max([*(sending.at for sending in sendings), *(decisions if step != "submitted" else [])], default=None)
