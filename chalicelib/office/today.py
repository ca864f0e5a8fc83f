"""The office's tasks of the day at some sites: decisions, failing mails, families that cannot log in.

Three calls of DynamoDB a site: the summaries of its families and re-enrolments, and the tries at its passwords. One for
the periods, one for the few whole families to name, and those of wings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import frozen_at
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.account.spellings import plain_spelling
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod
from chalicelib.domain.search.summaries import AccountSummary, EnrolmentSummary, pupil_states
from chalicelib.infra.garbage import without_collections
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.parts import TodayPart
from chalicelib.office.seasons import reenrolment_season
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.environment import Site
from chalicelib.settings.wings import parts
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from chalicelib.values import frozen

LISTED: Final = 10  # families under one heading
UNUSED_AFTER: Final = timedelta(days=7)  # of the period, before families that never asked for a password are counted
KEPT_FOR: Final = timedelta(minutes=5)  # counts of a large network, so that not each page reads all its families
_LARGE: Final = 5_000  # families of all sites of a member
_READ: Final = 60  # families with failed mails that are read: some failures are of addresses no longer on file
_BY_NAME: Final = attrgetter("name", "identifier")
_TO_CHECK: Final[frozenset[State]] = frozenset({"submitted", "changed"})

StuckReason = Literal["waiting", "frozen"]


@frozen
class FailingFamily:
    """A family with failed mails, and its addresses that fail."""

    account: Account
    emails: tuple[str, ...]


@frozen
class StuckFamily:
    """A family that cannot log in: until when it waits after failed tries, or since when it is frozen."""

    account: Account
    reason: StuckReason
    at: datetime


@frozen
class SiteToday:
    """The tasks of one site. Of families, the first are named (`LISTED`), and all are counted.

    `since`: the oldest moment of each state, and of `to_check`. `to_check`: sent pupils with a file, not decided yet.
    `dormant`: families that never asked for a password, from a week after the period opens until it ends, None
    otherwise. `sendings`, `sent_before`: the re-enrolments sent on each day of this season and of the last.
    `parts`: the facts of wings, by their parts' names.
    """

    site: Site
    season: str
    period: EnrolmentPeriod | None
    counts: Mapping[State, int]
    since: Mapping[str, datetime]
    to_check: int
    failing: tuple[FailingFamily, ...]
    failing_count: int
    stuck: tuple[StuckFamily, ...]
    stuck_count: int
    dormant: int | None
    sendings: Mapping[date, int]
    sent_before: Mapping[date, int]
    families: int
    at: datetime
    parts: Mapping[str, Any]

    @property
    def failing_since(self) -> datetime | None:
        """The oldest failure of a mail to a named family."""
        return min((mailbox.at for one in self.failing for mailbox in one.account.failing_mailboxes), default=None)


@frozen
class _Reading:
    """A site as read. `failing`, `stuck`: the families to name once their accounts are read."""

    today: SiteToday
    failing: Sequence[AccountSummary]
    stuck: Sequence[tuple[AccountSummary, StuckReason, datetime | None]]

    @property
    def to_name(self) -> list[AccountSummary]:
        """The families whose accounts are to be read."""
        return [*self.failing[:_READ], *(family for family, _, _ in self.stuck[:LISTED])]


@without_collections()
def today_at(
    services: Services, sites: Iterable[Site], now: datetime, *, with_last_season: bool = False
) -> tuple[SiteToday, ...]:
    """Read the tasks of some sites. Counts of a large network may be five minutes old (`SiteToday.at`)."""
    cache, keys = services.staff.days, {(site.code, with_last_season): site for site in sites}
    days: dict[tuple[str, bool], SiteToday] = {key: cache[key] for key in keys if key in cache}
    is_large = sum(day.families for day in days.values()) > _LARGE
    recent = {key: day for key, day in days.items() if is_large and now - KEPT_FOR < day.at <= now}
    stale = [site for key, site in keys.items() if key not in recent]
    periods = services.periods.read() if stale else None
    readings = [
        _read_site(services, site, periods.of(site.code), now, with_last_season=with_last_season)
        for site in stale
        if periods
    ]
    accounts = _read(services, (family for reading in readings for family in reading.to_name))
    recent |= {(one.today.site.code, with_last_season): _with_names(services, one, accounts) for one in readings}
    cache |= recent
    return tuple(recent[key] for key in keys)


def _read_site(
    services: Services, site: Site, period: EnrolmentPeriod | None, now: datetime, *, with_last_season: bool
) -> _Reading:
    season = reenrolment_season(services, site.code, period, now)
    enrolments = {one.identifier: one for one in enrolment_summaries(services.enrolments, season, site.code)}
    last_season = str(int(season) - 1)
    before = enrolment_summaries(services.enrolments, last_season, site.code) if with_last_season else ()
    families = list(account_summaries(services.accounts, site.code))
    failing = sorted((one for one in families if one.is_failing and one.exclusion != "disabled"), key=_BY_NAME)
    stuck = sorted(_stuck(services, site.code, families, now), key=lambda one: _BY_NAME(one[0]))
    counts, to_check, since = _pupils(services, families, enrolments, now)
    today = SiteToday(
        site=site,
        season=season,
        period=period,
        counts=counts,
        since=since,
        to_check=to_check,
        failing=(),
        failing_count=len(failing),
        stuck=(),
        stuck_count=len(stuck),
        dormant=_dormant(families, period, now),
        sendings=_by_day(enrolments.values()),
        sent_before=_by_day(before),
        families=len(families),
        at=now,
        parts={part.name: part.reader(services, site.code, now) for part in parts(TodayPart)},
    )
    return _Reading(today, failing, stuck)


def _with_names(services: Services, reading: _Reading, accounts: Mapping[AccountRef, Account | None]) -> SiteToday:
    """Name the first families. A failure may be of an address no longer on file."""
    first = [_failing(services, accounts[_ref(family)]) for family in reading.failing[:_READ]]
    failing = tuple(family for family in first if family and family.emails)
    return replace(
        reading.today,
        failing=failing[:LISTED],
        failing_count=len(failing) + max(0, len(reading.failing) - _READ),
        stuck=tuple(_stuck_families(reading.stuck[:LISTED], accounts)),
    )


def _by_day(enrolments: Iterable[EnrolmentSummary]) -> Counter[date]:
    """Count the re-enrolments that were sent, by the day of the last sending."""
    return Counter(datetime.fromtimestamp(one.sent_at, PARIS).date() for one in enrolments if one.sent_at)


def _pupils(
    services: Services, families: Iterable[AccountSummary], enrolments: Mapping[str, EnrolmentSummary], now: datetime
) -> tuple[Counter[State], int, dict[str, datetime]]:
    """Count the pupils by state, and those with a file to check, with the oldest moment of each."""
    with_file = PupilQuery(documents="provided").filter(services, now)
    states: list[State] = []
    oldest: dict[str, int] = {}
    to_check = 0
    for family in families:
        enrolment = enrolments.get(family.identifier)
        states += pupil_states(family, enrolment)
        if enrolment is None:
            continue
        files = enrolment.files.values()
        is_waiting = any(enrolment.provided.values()) and any(file.state in _TO_CHECK for file in files)
        with_files = with_file.of_family(family, enrolment) if is_waiting else ()
        waiting = [pupil.key for pupil in with_files if pupil.state in _TO_CHECK]
        to_check += len(waiting)
        moments: list[tuple[str, int | None]] = [(file.state, file.since) for file in files]
        moments += [("to_check", enrolment.files[key].since) for key in waiting]
        for name, since in moments:
            if since:
                oldest[name] = min(since, oldest.get(name, since))
    return Counter(states), to_check, {name: datetime.fromtimestamp(since, UTC) for name, since in oldest.items()}


def _stuck(
    services: Services, site: str, families: Sequence[AccountSummary], now: datetime
) -> list[tuple[AccountSummary, StuckReason, datetime | None]]:
    """Find the families that must wait or are frozen. Tries at unknown identifiers are ignored."""
    waits: dict[str, datetime] = {}
    for identifier, tries in services.attempts.at_site(site):
        until = LOGIN_OF_ACCOUNT.waits_until(tries, now)
        if until:
            waits[identifier] = max(until, waits.get(identifier, until))
    stuck: list[tuple[AccountSummary, StuckReason, datetime | None]] = []
    for family in families:
        if family.is_frozen:
            stuck.append((family, "frozen", None))
        elif waits:
            ends = (waits.get(plain_spelling(name)) for name in (family.identifier, *family.logins))
            if until := max(filter(None, ends), default=None):
                stuck.append((family, "waiting", until))
    return stuck


def _ref(family: AccountSummary) -> AccountRef:
    return AccountRef(family.site, family.identifier)


def _read(services: Services, families: Iterable[AccountSummary]) -> dict[AccountRef, Account | None]:
    refs = list(dict.fromkeys(map(_ref, families)))
    return dict(zip(refs, services.accounts.find_all(*refs) if refs else (), strict=True))


def _failing(services: Services, account: Account | None) -> FailingFamily | None:
    """Find a family's addresses that are still on file and fail."""
    if account is None:
        return None
    pseudonyms = services.record.pseudonyms
    emails = (account.mailbox(failure.mailbox, pseudonyms) for failure in account.failing_mailboxes)
    return FailingFamily(account, tuple(filter(None, emails)))


def _stuck_families(
    stuck: Iterable[tuple[AccountSummary, StuckReason, datetime | None]], accounts: Mapping[AccountRef, Account | None]
) -> Iterator[StuckFamily]:
    for family, reason, until in stuck:
        account = accounts[_ref(family)]
        at = until or (frozen_at(account) if account else None)
        if account and at:
            yield StuckFamily(account, reason, at)


def _dormant(families: Iterable[AccountSummary], period: EnrolmentPeriod | None, now: datetime) -> int | None:
    if period is None or period.state(now) != "during" or period.state(now - UNUSED_AFTER) == "before":
        return None
    return sum(not family.is_activated and family.exclusion is None for family in families)
