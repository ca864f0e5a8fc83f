"""The re-enrolments of a season for the office: each family with its re-enrolment, pupil by pupil, in few reads.

A worklist page is found in summaries and shown from whole families. Its reads do not grow with a family's data: two
queries of the index (docs/decisions/0069), one of the teachers' opinions, and one batch for the fifty pupils' families.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, State
from chalicelib.domain.enrolment.opinions import Leaning, Opinion, is_kept, opinion_season
from chalicelib.domain.enrolment.paperwork import household_waits
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentRef, period_of, season_of, seasons_kept
from chalicelib.domain.family.households import Pupil, PupilRef
from chalicelib.domain.family.teacher_keys import is_teacher_key, teacher_key
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.search.pupil_filter import Documents, OpinionSought, PupilFilter
from chalicelib.domain.search.summaries import AccountSummary, ListedPupil, summary_of, summary_of_enrolment
from chalicelib.domain.text import letters_of
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.garbage import without_collections
from chalicelib.office.account import select_sites
from chalicelib.office.dossiers.worklist import AT_ONCE, FoundRow, OrderedRows, Step, WorklistPage, check_query
from chalicelib.office.seasons import reenrolment_season
from chalicelib.services.family import Services
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import Site
from chalicelib.settings.wings import has
from chalicelib.stores.summary_index import account_summaries, enrolment_summaries
from chalicelib.values import frozen

Opinions = Mapping[PupilRef, Sequence[Opinion]]  # the opinions on a site's pupils


@frozen
class EnrolledFamily:
    """A family and its re-enrolment of a season, begun or not. `opinions`: of its teachers, if read."""

    account: Account
    enrolment: Enrolment
    opinions: Opinions = field(default_factory=dict, repr=False, compare=False)

    @property
    def has_sent(self) -> bool:
        """Whether a pupil's re-enrolment is sent."""
        return any(file.sent for file in self.enrolment.pupils)

    @property
    def household_waits(self) -> bool:
        """Whether the household's answers have unsent changes."""
        return household_waits(self.enrolment, self.account.household.pupils_by_key)

    @property
    def pupils(self) -> "Iterator[EnrolledPupil]":
        """The pupils on file, then those only in the re-enrolment."""
        on_file = self.account.household.pupils_by_key
        for key, pupil in on_file.items():
            yield EnrolledPupil(self, self.enrolment.file_of(key, pupil.name), pupil)
        for file in self.enrolment.pupils:
            if file.key not in on_file:
                yield EnrolledPupil(self, file, Pupil(file.name), is_on_file=False)


@frozen
class EnrolledPupil:
    """One pupil of a family: their state in the season, and their file."""

    family: EnrolledFamily
    file: PupilFile
    pupil: Pupil
    is_on_file: bool = True

    @property
    def since(self) -> datetime | None:
        """When the pupil entered this state. None without answers."""
        return self.file.since

    @property
    def opinions(self) -> Sequence[Opinion]:
        """The opinions of the pupil's teachers on their return, for the office only."""
        return self.family.opinions.get(PupilRef(self.family.account.ref.identifier, self.file.key), ())

    @property
    def household_change(self) -> tuple[HouseholdAnswers, HouseholdAnswers] | None:
        """The household's answers at the office's decision, and those sent since. None if they are equal."""
        sending, now = self.file.sent, self.family.enrolment.sent_household
        before = self.family.enrolment.household_seen(sending) if sending else None
        return (before, now) if before and now and before != now else None


@frozen
class PupilQuery:
    """A filter of pupils: at one site or all, of a season or the one of each site's period.

    `teacher`: part of a name, or a key (`teacher_key`). `holder`: a member's address, for the files in their hands.
    """

    site: str | None = None
    season: str | None = None
    state: State | None = None
    discipline: str | None = None
    teacher: str | None = None
    documents: Documents | None = None
    opinion: OpinionSought | None = None
    order: "Order" = "name"
    is_extended: bool = False
    holder: str = field(default="", repr=False)

    def filter(self, services: OfficeServices, now: datetime) -> PupilFilter:
        """Build the predicate that matches pupils. For a holder, the turns of the sites are read."""
        rules, today = services.settings.network.enrolment.document_rules, now.astimezone(PARIS).date()
        choice = PupilFilter(self.state, self.discipline, self.teacher, self.documents, rules, today, self.opinion)
        choice = replace(choice, is_extended=self.is_extended)
        if self.holder:
            sites = select_sites(services.settings.network, self.site)
            turns = (turn for site in sites for turn in services.staff.turns.of_site(site.code))
            choice = replace(choice, families={turn.ref for turn in turns if turn.holder == self.holder})
        key = self.teacher if self.teacher and is_teacher_key(self.teacher) else None
        return replace(choice, is_teacher=lambda name: teacher_key(name) == key) if key else choice


def query_seasons(services: Services, query: PupilQuery, now: datetime) -> dict[Site, str]:
    """Find the requested sites, each with its season. Raises `OfficeRefusal`."""
    check_query(query.season, query.discipline, query.teacher)
    periods = services.periods.read()
    return {
        site: query.season or reenrolment_season(services, site.code, periods.of(site.code), now)
        for site in select_sites(services.settings.network, query.site)
    }


def seasons_of(services: Services, sites: Iterable[Site], now: datetime) -> dict[Site, str]:
    """Map sites to the season of their period, without one to the present year's, as a campaign needs it."""
    periods = services.periods.read()
    return {site: season_of(periods.of(site.code), now) for site in sites}


def families(services: Services, site: str, season: str) -> Iterator[EnrolledFamily]:
    """Read the families of a site with their re-enrolments, by identifier. Memory holds a page of each.

    A re-enrolment without its account, left by an interrupted erasure, is skipped.
    """
    enrolments = services.enrolments.all(season, site)
    enrolment = next(enrolments, None)
    for account in services.accounts.all(site):
        while enrolment and enrolment.ref.account.identifier < account.ref.identifier:
            enrolment = next(enrolments, None)
        is_own = enrolment and enrolment.ref.account == account.ref
        yield EnrolledFamily(
            account, enrolment if enrolment and is_own else Enrolment(EnrolmentRef(account.ref, season))
        )


def read_families(services: Services, season: str, refs: Iterable[AccountRef]) -> Iterator[EnrolledFamily]:
    """Read some families with their re-enrolments, at once. One that no longer exists is skipped."""
    keys = list(refs)
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref) for ref in keys]
    lookups += [services.enrolments.lookup(EnrolmentRef(ref, season)) for ref in keys]
    rows = services.database.read_together(*lookups)
    for account, enrolment in zip(rows, rows[len(keys) :], strict=False):
        if account:
            yield EnrolledFamily(account, enrolment)


def is_open_for(services: Services, account: Account, now: datetime) -> bool:
    """Whether a family may re-enrol now, by the periods at most five minutes old. A closed account may not."""
    period = period_of(account, services.periods.recent(now))
    return not account.disabled and period is not None and period.state(now) == "during"


def family_in_season(services: Services, ref: AccountRef, season: str | None, now: datetime) -> EnrolledFamily:
    """Read a known family and its re-enrolment, of a season or of its site's period. Raises `NotThere`."""
    return family_of(services, EnrolmentRef(ref, season_for(services, ref, season, now)))


def family_of(services: Services, ref: EnrolmentRef) -> EnrolledFamily:
    """Read a known family and its re-enrolment of a season, at once. Raises `NotThere`."""
    lookups = services.accounts.lookup(ref.account), services.enrolments.lookup(ref)
    return known_family(*services.database.read_together(*lookups))


def season_for(services: Services, ref: AccountRef, asked_for: str | None, now: datetime) -> str:
    """Name the requested season, or that of the site's period, at most five minutes old."""
    season = asked_for or reenrolment_season(services, ref.site, services.periods.recent(now).of(ref.site), now)
    if season not in seasons_kept(now):
        raise NotThere
    return season


def known_family(account: Account | None, enrolment: Enrolment) -> EnrolledFamily:
    """Describe a family as read. Raises `NotThere` without an account, or for a guardian's own login or an alias."""
    if account is None or account.family:
        raise NotThere
    return EnrolledFamily(account, enrolment)


def pupils(
    services: OfficeServices, query: PupilQuery, now: datetime, *, with_opinions: bool = False
) -> Iterator[EnrolledPupil]:
    """List the matching pupils, site by site, family by family. Raises `OfficeRefusal`."""
    for site, season in query_seasons(services, query, now).items():
        opinions = opinions_of(services, site.code, season, now) if with_opinions or query.opinion else {}
        choice = replace(query.filter(services, now), leanings=leanings_in(opinions))
        for family in families(services, site.code, season):
            yield from matching(replace(family, opinions=opinions), choice)


def opinions_of(services: OfficeServices, site: str, season: str, now: datetime, family: str = "") -> Opinions:
    """Read the opinions on the pupils of a site's season, or of one family, by its identifier (Query).

    After the period of that season, the opinions on the next return are included: no other page shows them.
    """
    if not has("teaching"):
        return {}
    period, opinions = services.periods.recent(now).of(site), dict[PupilRef, list[Opinion]]()
    coming = opinion_season(period, now) if period is None or season == period.season else season
    for of_season in filter(lambda one: is_kept(one, now), dict.fromkeys((season, coming))):
        for opinion in services.teaching.opinions.of_season(site, of_season, family):
            opinions.setdefault(opinion.ref.pupil, []).append(opinion)
    return opinions


def leanings_in(opinions: Opinions) -> dict[tuple[str, str], list[Leaning | None]]:
    """Map pupils to the leanings of their opinions, for filters."""
    return {(pupil.identifier, pupil.key): [one.said.leaning for one in given] for pupil, given in opinions.items()}


def matching(family: EnrolledFamily, choice: PupilFilter) -> Iterator[EnrolledPupil]:
    """List a family's matching pupils, as a page of the desk finds them: by their summaries."""
    account, enrolment = summary_of(family.account), family.enrolment
    summary = summary_of_enrolment(enrolment) if enrolment.started_at else None
    listing = choice.of_family(account, summary) if account else []
    keys = {pupil.key for pupil in listing if choice.is_at(pupil)}
    yield from (pupil for pupil in family.pupils if pupil.file.key in keys)


_MARK_BYTES: Final = 6
Order = Literal["name", "state", "oldest", "newest"]  # the last two: by the moment at which a pupil entered its state
_STATES: Final[tuple[State, ...]] = get_args(State)


@frozen
class PupilPage(WorklistPage[EnrolledPupil]):
    """A page of one site's pupils. `teachers`: those of all the site's pupils, by key. `disciplines`: theirs too."""

    site: Site
    teachers: dict[str, str] = field(repr=False)
    disciplines: tuple[str, ...]


@frozen
class _SitePupils:
    """The pupils of a site's season by their summaries, and the criteria that were read with them."""

    site: Site
    season: str
    choice: PupilFilter
    opinions: Opinions
    courses: tuple[tuple[str, str], ...]  # of all the site's pupils: each discipline and teacher
    rows: OrderedRows[ListedPupil]


@without_collections()
def _search(services: OfficeServices, query: PupilQuery, now: datetime) -> _SitePupils:
    ((site, season),) = query_seasons(services, query, now).items()
    opinions = opinions_of(services, site.code, season, now)
    choice = replace(query.filter(services, now), leanings=leanings_in(opinions))
    order = partial(_order, query.order)
    accounts = tuple(account_summaries(services.accounts, site.code))
    listing = sorted(_listed(services, site.code, season, accounts, choice), key=order)
    matches = [pupil for pupil in listing if choice.is_at(pupil)]
    rows = OrderedRows(listing, matches, order, lambda pupil: pupil_mark(pupil.family.identifier, pupil.key))
    return _SitePupils(site, season, choice, opinions, _courses(accounts), rows)


def _courses(accounts: Iterable[AccountSummary]) -> tuple[tuple[str, str], ...]:
    courses = (course for account in accounts for pupil in account.pupils for course in pupil.courses)
    return tuple({(discipline, teacher) for discipline, teacher in courses})


def _by_letters(names: Iterable[str]) -> list[str]:
    return sorted(filter(None, {*names}), key=letters_of)


def pupil_page(services: OfficeServices, query: PupilQuery, cursor: str, now: datetime) -> PupilPage:
    """Read a page of the matching pupils at the query's site. Raises `OfficeRefusal`.

    A pupil concurrently changed so that they no longer match is not shown.
    """
    listing = _search(services, query, now)
    start = listing.rows.start(cursor)
    page = listing.rows.matches[start : start + AT_ONCE]
    return PupilPage(
        listing.season,
        tuple(_read(services, page, listing.season, listing.choice, listing.opinions)),
        Counter(pupil.state for pupil in listing.rows.lines),
        *listing.rows.page_bounds(start),
        listing.site,
        {teacher_key(name): name for name in _by_letters(teacher for _, teacher in listing.courses)},
        tuple(_by_letters(discipline for discipline, _ in listing.courses)),
    )


def pupil_beside(  # noqa: PLR0913, PLR0917 - a list, a row of it, and a step from there
    services: OfficeServices, query: PupilQuery, mark: str, position: int, step: Step, now: datetime
) -> FoundRow[ListedPupil] | None:
    """Find the matching pupil after or before another, by the reads of a page without its families."""
    return _search(services, query, now).rows.beside(mark, position, step)


def _order(order: Order, pupil: ListedPupil) -> tuple[int, str, str, int]:
    file = pupil.enrolment.files.get(pupil.key) if pupil.enrolment else None
    since = (file and file.since) or 0
    first = {"name": 0, "state": _STATES.index(pupil.state), "oldest": since, "newest": -since}[order]
    return first, letters_of(pupil.family.name), pupil.family.identifier, pupil.place


def pupil_mark(identifier: str, key: str) -> str:
    """Name a pupil of a list in an address of the desk, by an opaque digest."""
    return hashlib.blake2b(f"{identifier}\t{key}".encode(), digest_size=_MARK_BYTES).hexdigest()


def _listed(
    services: Services, site: str, season: str, accounts: Iterable[AccountSummary], choice: PupilFilter
) -> Iterator[ListedPupil]:
    enrolments = {summary.identifier: summary for summary in enrolment_summaries(services.enrolments, season, site)}
    for family in accounts:
        yield from choice.of_family(family, enrolments.get(family.identifier))


def _read(
    services: Services, page: Sequence[ListedPupil], season: str, choice: PupilFilter, opinions: Opinions
) -> Iterator[EnrolledPupil]:
    refs = dict.fromkeys(AccountRef(pupil.family.site, pupil.family.identifier) for pupil in page)
    whole = (replace(family, opinions=opinions) for family in read_families(services, season, refs))
    still = {family.account.ref: {one.file.key: one for one in matching(family, choice)} for family in whole}
    for pupil in page:
        current = still.get(AccountRef(pupil.family.site, pupil.family.identifier), {}).get(pupil.key)
        if current:
            yield current
