"""Subscribe to a pupil's lessons: a secret address that the family creates, renews and revokes."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, get_args

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.account.coordinates import freezes, speaker
from chalicelib.domain.account.logins import login_refs
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.households import Pupil, PupilRef
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.family.visit import Visitor
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import FamilyServices as Services
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.calendars import (
    CalendarCourse,
    PlannedLesson,
    PupilCalendar,
    is_same,
    planned_lessons,
    read_link,
)
from chalicelib.wings.teaching.domain.courses import courses_of
from chalicelib.wings.teaching.services.lessons import school_years

Act = Literal["create", "renew", "revoke"]
_ACTS: Final = get_args(Act)
_WORDS: Final = 3  # that identify a pupil: its site, its family's identifier, its key


@frozen
class CalendarView:
    """A pupil's calendar as its page shows it. `link`: the secret part of its address, empty if there is none."""

    pupil: Pupil
    key: str
    calendar: PupilCalendar
    link: str

    @property
    def last_day(self) -> date | None:
        """The last day on which the address works."""
        return today(self.calendar.expires_at) - timedelta(days=1) if self.calendar.expires_at else None


@frozen
class PupilLessons:
    """The lessons that an address shows."""

    pupil: Pupil
    key: str
    lessons: tuple[PlannedLesson, ...]


def see_calendar(services: Services, visitor: Visitor, key: str, now: datetime) -> CalendarView:
    """Find the calendar of a pupil of the family. Raises `NotThere`."""
    pupil, ref = _pupil(visitor, key)
    lookups: list[Lookup[Any]] = [services.lessons.calendars.lookup(visitor.site.code, ref)]
    lookups += map(services.accounts.lookup, login_refs(visitor.on_file))
    calendar, *logins = services.database.read_together(*lookups)
    is_open = _is_open(calendar, visitor.on_file, logins, now)
    return CalendarView(pupil, key, calendar, calendar_link(services, calendar) if is_open else "")


def change_calendar(services: Services, visitor: Visitor, key: str, change: tuple[str, str], now: datetime) -> None:
    """Create, renew or revoke the address shown. `change`: the act, and the version of the calendar on the page.

    A concurrent change is kept, and the page then shows it. Raises `NotThere`.
    """
    _, ref = _pupil(visitor, key)
    act, version = change
    if act not in _ACTS:
        raise NotThere
    by = speaker(visitor.account, "") or visitor.session.speaker

    def decide(calendar: PupilCalendar) -> PupilCalendar:
        if calendar.version != version:
            return calendar
        return calendar.revoke() if act == "revoke" else calendar.renew(by, now)

    services.lessons.calendars.revise_at(visitor.site.code, ref, decide)


def lessons_behind(services: Services, link: str, now: datetime) -> PupilLessons:
    """Find the lessons that an address shows, in three reads and without a session.

    Raises `NotThere` for an unknown address, if the account is closed, if the pupil or the guardian who made the
    address left, and if « Ce n'est pas moi » was pressed since then.
    """
    site, identifier, key, nonce = _owner(services, link)
    ref, pupil_ref = AccountRef(site, identifier), PupilRef(identifier, key)
    stores = services.lessons
    calendar, account = services.database.read_together(
        stores.calendars.lookup(site, pupil_ref), services.accounts.lookup(ref)
    )
    pupil = account.household.pupils_by_key.get(key) if account else None
    if account is None or pupil is None or account.disabled or account.gone_at or account.role == GUARDIAN:
        raise NotThere
    courses = tuple(_courses(account, key))
    lookups: list[Lookup[Any]] = [stores.changes.lookup(site, course.key) for course in courses]
    logins = [services.accounts.lookup(login) for login in login_refs(account)]
    results = services.database.read_together(*lookups, *logins) if lookups or logins else ()
    is_open = _is_open(calendar, account, results[len(courses) :], now)
    if not (is_same(nonce, calendar.nonce) and is_open):
        raise NotThere
    changes = {(site, one.course): one for one in results[: len(courses)]}
    years = school_years(services.settings.network).of_calendar(today(now))
    return PupilLessons(pupil, key, tuple(planned_lessons(years, courses, changes)))


def calendar_link(services: Services, calendar: PupilCalendar) -> str:
    """Return the secret part of the address of a pupil's calendar."""
    return calendar.link(services.settings.key_ring("pupil-calendars"), services.record.pseudonyms)


def _owner(services: Services, link: str) -> tuple[str, str, str, str]:
    """Find the site, identifier, pupil key and nonce of an address. Raises `NotThere`."""
    name, nonce = read_link(services.settings.key_ring("pupil-calendars"), link) or ("", "")
    owner = services.lessons.calendars.find_owner(name) if name else None
    if owner is None or len(owner.words) != _WORDS or not services.settings.network.site(owner.words[0]):
        raise NotThere
    site, identifier, key = owner.words
    return site, identifier, key, nonce


def _pupil(visitor: Visitor, key: str) -> tuple[Pupil, PupilRef]:
    pupil = visitor.account.household.pupils_by_key.get(key)
    if pupil is None:
        raise NotThere
    return pupil, PupilRef(visitor.account.ref.identifier, key)


def _courses(account: Account, pupil: str) -> Iterator[CalendarCourse]:
    for key, course in courses_of(account, pupil).items():
        yield CalendarCourse(account.ref.site, key, course.discipline, course.slot, course.place, course.teacher)


def _is_open(calendar: PupilCalendar, family: Account, logins: Iterable[Account | None], now: datetime) -> bool:
    """Whether the calendar's address works: the guardian who made it must still be on file, under the same name."""
    names = {family.name, *(guardian.name for guardian in family.household.guardians)}
    return calendar.by in {"", *names} and calendar.is_open(now, _frozen_at(family, *logins))


def _frozen_at(*accounts: Account | None) -> Iterator[datetime]:
    """List the times of « Ce n'est pas moi »: an intruder may have read the address before."""
    return (freeze.at for account in accounts if account for freeze in freezes(account))
