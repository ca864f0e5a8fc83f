"""Open a page as a teacher: only their courses of today, their own and those lent to them, are accessible."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.staff_sessions import StaffSession
from chalicelib.flows.staff.entry import StaffContext, enter_with
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Visit
from chalicelib.settings.environment import Site
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.courses import TaughtCourse, TaughtPupil, Timetable
from chalicelib.wings.teaching.domain.school_years import Slot
from chalicelib.wings.teaching.domain.teachers import Share, Teacher
from chalicelib.wings.teaching.services.stores import TeachingStores
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

_BETWEEN: Final = "#"  # a site's code has none


@frozen
class OwnCourse:
    """A course that a teacher gives today: their own, or lent until a day. `teacher`: the name in the yearly file."""

    site: Site
    teacher: str
    course: TaughtCourse
    share: Share | None = None

    @property
    def slot(self) -> Slot:
        """The day and hours of its lessons."""
        return Slot.parse(self.course.slot)

    @property
    def key(self) -> str:
        """Its key, unique within its site."""
        return self.course.key

    def pupil(self, ref: PupilRef) -> TaughtPupil:
        """Find one of its pupils. Raises `NotThere`."""
        pupil = self.course.pupil(ref)
        if pupil is None:
            raise NotThere
        return pupil


@frozen
class TeacherContext:
    """A logged-in teacher: their member of staff, links and shares, and their timetables."""

    staff: StaffContext
    teacher: Teacher
    timetables: Mapping[tuple[str, str], Timetable]
    day: date  # in Paris

    @property
    def email(self) -> str:
        """The e-mail address, which identifies the teacher."""
        return self.staff.member.email

    @property
    def courses(self) -> tuple[OwnCourse, ...]:
        """The courses of today, in the order of a week. The teacher's own are never shown as lent."""
        courses = {(own.site.code, own.key): own for own in (*self._lent(), *self._own())}
        return tuple(sorted(courses.values(), key=lambda own: (own.slot.order, own.course.discipline, own.key)))

    def course(self, site: str, key: str) -> OwnCourse:
        """Find one of today's courses. Raises `NotThere` for any other, at any site."""
        own_course = next((own for own in self.courses if (own.site.code, own.key) == (site, key)), None)
        if own_course is None:
            raise NotThere
        return own_course

    def _own(self) -> Iterator[OwnCourse]:
        for key, timetable in self.timetables.items():
            site = self._site(timetable.site)
            if site and self.teacher.owns(*key):
                yield from (OwnCourse(site, timetable.teacher, course) for course in timetable.courses)

    def _lent(self) -> Iterator[OwnCourse]:
        for share in self.teacher.shares_on(self.day):
            site, timetable = self._site(share.site), self.timetables.get(share.key)
            course = timetable.course(share.course) if timetable else None
            if site and timetable and course:
                yield OwnCourse(site, timetable.teacher, course, share)

    def _site(self, code: str) -> Site | None:
        return next((site for site in self.staff.sites if site.code == code), None)


def enter(visit: Visit[Services]) -> TeacherContext:
    """Find the teacher of a session, and their courses: two reads, and a third if they have just changed.

    Raises `NotLoggedIn`, `CodeAwaited`, and `NotThere` if the member is no teacher.
    """
    services, stores = visit.services, visit.services.teaching

    def also(session: StaffSession) -> list[Lookup[Any]]:
        names = (name.partition(_BETWEEN) for name in session.timetables)
        return [stores.teachers.lookup(session.email), *(stores.timetables.lookup(site, key) for site, _, key in names)]

    staff, (teacher, *hints) = enter_with(visit, also)
    if not staff.may("teacher"):
        raise NotThere
    timetables = {(timetable.site, timetable.key): timetable for timetable in hints if timetable}
    day = today(visit.now)
    keys = teacher.timetables(day)
    timetables |= _read(services, stores, staff.session, keys)
    return TeacherContext(staff, teacher, {key: timetables[key] for key in keys if key in timetables}, day)


def _read(
    services: Services, stores: TeachingStores, session: StaffSession, keys: tuple[tuple[str, str], ...]
) -> dict[tuple[str, str], Timetable]:
    """Read the timetables that the session does not list yet, and store them in its list."""
    names = tuple(f"{site}{_BETWEEN}{key}" for site, key in keys)
    new = [key for key, name in zip(keys, names, strict=True) if name not in session.timetables]
    if names != session.timetables:
        services.staff.sessions.note_timetables(session, names)
    timetables = services.database.read_together(*(stores.timetables.lookup(*key) for key in new)) if new else ()
    return {(timetable.site, timetable.key): timetable for timetable in timetables if timetable}
