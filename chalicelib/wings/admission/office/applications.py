"""Applications for the office: each candidate with their places and look-alikes, and the worklist by fifty.

The worklist needs no Scan: a Query of a season's numbers, a batch for each hundred applications, a Query of each
site's places. Its cost grows with the season's applications, not with its drafts, nor with other seasons.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.family.birth_dates import age_at
from chalicelib.domain.text import fold, letters_of
from chalicelib.office.account import select_sites
from chalicelib.office.dossiers.worklist import AT_ONCE, FoundRow, OrderedRows, Step, WorklistPage, check_query
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import (
    OVER,
    TRACKED_AT,
    Application,
    ApplicationRef,
    Candidate,
    CandidateRef,
    State,
    Wish,
)
from chalicelib.wings.admission.domain.look_alikes import LookAlike, LookAlikes, look_alikes, traits_of_application
from chalicelib.wings.admission.domain.paperwork import required_documents
from chalicelib.wings.admission.mail import tracked_as
from chalicelib.wings.admission.office.places import (
    HeldPlace,
    HoldState,
    SeasonPlaces,
    WishStanding,
    admission_season,
    places_of,
    with_lines,
)

_NUMBER: Final = re.compile(r"P\d\d(-[A-Z0-9]{4}){2}")


def audited_as(ref: ApplicationRef) -> AccountRef:
    """Name an application in the audit trail as its mails do: by its mailbox's pseudonym, without a site."""
    return tracked_as(ref)


def is_number(text: str) -> bool:
    """Whether a text is the number of an application, however it is spelt."""
    return bool(_NUMBER.fullmatch(number_from(text)))


def find_application(services: Services, text: str) -> Application:
    """Find the application sent under a number, however it is spelt. Raises `OfficeRefusal`."""
    number = number_from(text)
    if not is_number(text):
        raise OfficeRefusal("request_number", typed=text)
    application = services.admission.applications.find_by_number(number)
    if application is None:
        raise OfficeRefusal("request_unknown", number=number)
    return application


# The state of a candidate: of its application and, while that is open, of its place.
ListedState = State | HoldState
# The states that wait for the office: to read an application, or to accept a candidate that took a place.
_AWAITED: Final = frozenset({"sent", "taken"})
_OPEN: Final = frozenset({"sent", "waiting", "to_complete"})


@frozen
class ListedCandidate:
    """A sent candidate, as read, with their rank in the application, from 1."""

    application: Application
    candidate: Candidate
    rank: int
    age: int | None
    hold: HeldPlace | None = None
    lacking: tuple[str, ...] = ()  # titles of the documents neither sent nor promised
    look_alikes: tuple[LookAlike, ...] = field(default=(), repr=False)
    standings: tuple[WishStanding, ...] = field(default=(), repr=False)  # of the wishes, if read
    lacks_account: bool = False  # accepted, but a fault prevented its account: accepting again makes it

    @property
    def ref(self) -> CandidateRef:
        """The candidate's key."""
        return CandidateRef(self.application.number, self.candidate.key)

    @property
    def state(self) -> ListedState:
        """The candidate's state."""
        state = self.application.state(self.candidate.key)
        return self.hold.state if self.hold and state in _OPEN else state

    @property
    def is_awaited(self) -> bool:
        """Whether the candidate waits for the office."""
        return self.state in _AWAITED or self.lacks_account

    @property
    def since(self) -> datetime:
        """When the candidate entered this state."""
        standing, sending = self.application.standing(self.candidate.key), self.application.sent
        decided_at = standing.decision.at if standing.decision else None
        moments = (standing.withdrawn_at, decided_at, sending.at if sending else None)
        return next(moment for moment in moments if moment)

    def is_at(self, sites: Collection[str]) -> bool:
        """Whether the candidate has a wish at one of some sites."""
        return any(wish.site in sites for wish in self.candidate.wishes)

    def wishes_at(self, site: str | None, discipline: str | None) -> tuple[Wish, ...]:
        """List the candidate's wishes, by a site and by a discipline, its name or a part of it, if given."""
        return tuple(
            wish
            for wish in self.candidate.wishes
            if site in {None, wish.site} and (discipline is None or fold(discipline) in fold(wish.discipline))
        )


@frozen
class ApplicationQuery:
    """A filter of applications. `is_awaited`: only those that wait for the office."""

    site: str | None = None
    season: str | None = None
    state: ListedState | None = None
    discipline: str | None = None
    is_awaited: bool = False
    order: "Order" = "oldest"
    holder: str = field(default="", repr=False)  # a member's address, for the applications in their hands
    has_ranks: bool = False  # whether a page has the states of its wishes, with their ranks

    def matches(self, pupil: ListedCandidate) -> bool:
        """Whether a candidate matches."""
        if (self.state and pupil.state != self.state) or (self.is_awaited and not pupil.is_awaited):
            return False
        return bool(pupil.wishes_at(self.site, self.discipline))


@frozen
class ApplicationList:
    """The matching candidates of a season in the order of their sending, and the number of drafts."""

    season: str
    pupils: tuple[ListedCandidate, ...]
    drafts: int = 0


def season_asked(services: Services, query: ApplicationQuery, now: datetime) -> str:
    """Find the season requested, or the current one of applications. Raises `OfficeRefusal`."""
    check_query(query.season, query.discipline)
    sites = [site.code for site in select_sites(services.settings.network, query.site)]
    return query.season or admission_season(services, services.admission.periods.read(), sites, now)


def search_applications(
    services: Services, query: ApplicationQuery, now: datetime, *, with_look_alikes: bool = True
) -> ApplicationList:
    """Read the matching applications of a season, held in memory, and all accounts at once. Raises `OfficeRefusal`."""
    season = season_asked(services, query, now)
    rows = list(services.admission.applications.all(season))
    requests = sorted((one for one in rows if one.sent), key=sending_order)
    alike = look_alikes(requests, services.accounts.all()) if with_look_alikes else LookAlikes(())
    places = places_of(services, season, now)
    candidates = (pupil for one in requests for pupil in listed_candidates(services, one, places, alike, now))
    pupils = check_accounts(services, candidates)
    return ApplicationList(season, tuple(filter(query.matches, pupils)), drafts=len(rows) - len(requests))


def sending_order(application: Application) -> tuple[datetime, str]:
    """Order applications by their first sending."""
    if application.sent is None:
        raise ValueError("nothing was sent")
    return application.sent.first_at, application.number


def check_accounts(services: Services, pupils: Iterable[ListedCandidate]) -> Iterator[ListedCandidate]:
    """Check that the candidates' accounts exist (a BatchGetItem for a hundred)."""
    candidates = list(pupils)
    refs = dict.fromkeys(one for pupil in candidates for one in (_account_of(pupil),) if one)
    accounts = services.accounts.find_all(*(AccountRef(*one) for one in refs)) if refs else ()
    lacking = {one for one, account in zip(refs, accounts, strict=True) if account is None}
    yield from (replace(pupil, lacks_account=_account_of(pupil) in lacking) for pupil in candidates)


def _account_of(pupil: ListedCandidate) -> tuple[str, str] | None:
    return pupil.application.standing(pupil.candidate.key).account


def wish_standings(pupil: ListedCandidate, places: SeasonPlaces) -> tuple[WishStanding, ...]:
    """Find the state of a candidate's wishes. Once all is over, only of the wish whose place they took."""
    standings = places.standings(pupil.ref, pupil.candidate)
    if pupil.application.state(pupil.candidate.key) not in OVER:
        return tuple(standings)
    return tuple(one if one.state == "taken" else WishStanding(one.wish, "uncounted") for one in standings)


def listed_candidates(
    services: Services, application: Application, places: SeasonPlaces, alike: LookAlikes, now: datetime
) -> Iterator[ListedCandidate]:
    """List the candidates of an application. Its own account is not one of its look-alikes."""
    sending, traits = application.sent, traits_of_application(application)
    refs = {standing.account for standing in application.standings}
    look_alikes = tuple(one for one in (alike.of(traits) if traits else ()) if _pair(one) not in refs)
    admission = services.settings.network.admission
    today = now.astimezone(PARIS).date()
    documents = required_documents(admission.document_rules, application, today)
    lacking = [document for document in documents if application.document(*document.slot) is None]
    for rank, candidate in enumerate(sending.answers.candidates if sending else (), 1):
        yield ListedCandidate(
            application,
            candidate,
            rank,
            age_at(candidate.born_on, admission.age_day(application.ref.season)) if candidate.born_on else None,
            places.hold_of(CandidateRef(application.number, candidate.key), candidate),
            tuple(document.rule.title for document in lacking if document.owner in {FOYER, candidate.key}),
            tuple(one for one in look_alikes if one.key in {"", candidate.key}),
        )


def _pair(look_alike: LookAlike) -> tuple[str, str] | None:
    return None if isinstance(look_alike.owner, str) else (look_alike.owner.site, look_alike.owner.identifier)


# A page has at most fifty applications, each with its matching candidates.
ApplicationPage = WorklistPage[tuple[ListedCandidate, ...]]
Order = Literal["oldest", "newest", "name"]


@frozen
class _SeasonCandidates:
    """The candidates of some sites in a season: all, and the matching ones of each application, by its number."""

    season: str
    places: SeasonPlaces
    candidates: tuple[ListedCandidate, ...]
    groups: Mapping[str, tuple[ListedCandidate, ...]]
    rows: OrderedRows[Application]

    def group(self, application: Application) -> tuple[ListedCandidate, ...]:
        """List the matching candidates of an application, with the states of their wishes if these were read."""
        group = self.groups[application.number]
        if not self.places.rankings:
            return group
        return tuple(replace(pupil, standings=wish_standings(pupil, self.places)) for pupil in group)


def _search(services: Services, query: ApplicationQuery, sites: Collection[str], now: datetime) -> _SeasonCandidates:
    season = season_asked(services, query, now)
    order = partial(_order, query.order)
    requests = sorted(applications_at(services, season, sites), key=order)
    places = places_of(services, season, now, with_rankings=query.has_ranks)
    if query.has_ranks:
        places = with_lines(services, places, requests, sites)
    candidates = (pupil for one in requests for pupil in listed_candidates(services, one, places, LookAlikes(()), now))
    at_sites = tuple(pupil for pupil in check_accounts(services, candidates) if pupil.is_at(sites))
    if query.holder:
        turns = services.staff.turns.of_site(TRACKED_AT)
        refs = {turn.ref for turn in turns if turn.holder == query.holder}
        at_sites = tuple(pupil for pupil in at_sites if audited_as(pupil.application.ref) in refs)
    hits = [pupil for pupil in at_sites if query.matches(pupil)]
    groups = {number: tuple(pupils) for number, pupils in groupby(hits, lambda pupil: pupil.application.number)}
    matches = [one for one in requests if one.number in groups]
    return _SeasonCandidates(
        season, places, at_sites, groups, OrderedRows(requests, matches, order, lambda one: one.number)
    )


def application_page(
    services: Services, query: ApplicationQuery, sites: Collection[str], cursor: str, now: datetime
) -> ApplicationPage:
    """Read a page of the matching applications with a wish at one of these sites. Raises `OfficeRefusal`."""
    listing = _search(services, query, sites, now)
    start = listing.rows.start(cursor)
    groups = map(listing.group, listing.rows.matches[start : start + AT_ONCE])
    return WorklistPage(
        listing.season,
        tuple(groups),
        Counter(pupil.state for pupil in listing.candidates if pupil.wishes_at(query.site, query.discipline)),
        *listing.rows.page_bounds(start),
    )


def matching_candidates(
    services: Services, query: ApplicationQuery, sites: Collection[str], now: datetime
) -> tuple[ListedCandidate, ...]:
    """Read all candidates of the pages of a list, in its order. Raises `OfficeRefusal`."""
    listing = _search(services, query, sites, now)
    return tuple(pupil for one in listing.rows.matches for pupil in listing.group(one))


def application_beside(  # noqa: PLR0913, PLR0917 - a list, a row of it, and a step from there
    services: Services,
    query: ApplicationQuery,
    sites: Collection[str],
    current: CandidateRef,
    position: int,
    step: Step,
    now: datetime,
) -> FoundRow[CandidateRef] | None:
    """Find the matching candidate after or before an application's, by the reads of a page.

    After a candidate, the next of the same application comes first. Without a key, the rest of it is skipped.
    """
    listing = _search(services, query, sites, now)
    keys = [pupil.candidate.key for pupil in listing.candidates if pupil.application.number == current.number]
    after = keys[keys.index(current.key) + 1 :] if step == "next" and current.key in keys else []
    siblings = [one.ref for one in listing.groups.get(current.number, ()) if one.candidate.key in after]
    beside = listing.rows.beside(current.number, position, "same" if siblings else step)
    return beside.of(siblings[0] if siblings else listing.groups[beside.row.number][0].ref) if beside else None


def _order(order: Order, application: Application) -> tuple[str, float, str]:
    at, number = sending_order(application)
    name = letters_of(application.sent.answers.guardian) if order == "name" and application.sent else ""
    return name, -at.timestamp() if order == "newest" else at.timestamp(), number


def applications_at(services: Services, season: str, sites: Collection[str]) -> list[Application]:
    """Read the applications of a season with a wish at one of some sites, the oldest first."""
    requests = services.admission.applications.sent_in(season)
    return sorted((one for one in requests if one.is_at(sites)), key=sending_order)


def find_application_at(services: Services, text: str, sites: Collection[str]) -> Application:
    """Find an application by its number, if it has a wish at one of some sites. Raises `OfficeRefusal`.

    An application of other sites is refused exactly like one that does not exist.
    """
    application = find_application(services, text)
    if not application.is_at(sites):
        raise OfficeRefusal("request_unknown", number=application.number)
    return application
