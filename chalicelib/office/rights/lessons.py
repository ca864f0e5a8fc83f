"""What teaching holds of a family: told with all the rest, and erased with it, the marks within rolls of others too."""

from collections.abc import Collection, Container
from datetime import date

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.teaching.announcements import AnnouncedAbsence
from chalicelib.domain.teaching.assessments import Assessment, AssessmentRef
from chalicelib.domain.teaching.calendars import PupilCalendar
from chalicelib.domain.teaching.rolls import RollMark
from chalicelib.lesson_services import lesson_stores
from chalicelib.services import Services
from chalicelib.stores.family_lessons import FamilyLessons
from chalicelib.teaching_services import TeachingStores, teaching_stores
from chalicelib.values import frozen


@frozen
class HeldLesson:
    """One lesson of a pupil: its key in the household, the course's key, the day."""

    pupil: str
    course: str
    day: date


@frozen
class LessonData:
    """What teaching holds of a family, kind by kind; of assessments, those too that are not published yet."""

    absences: tuple[tuple[HeldLesson, AnnouncedAbsence], ...] = ()
    marks: tuple[tuple[HeldLesson, RollMark], ...] = ()
    unexcused: tuple[tuple[HeldLesson, str], ...] = ()  # each with its discipline
    assessments: tuple[tuple[str, AssessmentRef, Assessment], ...] = ()  # by the pupil's key
    calendars: tuple[PupilCalendar, ...] = ()


def lesson_data(services: Services, ref: AccountRef) -> LessonData:
    """Read all of it; the rolls of its site are gone through."""
    stores, (site, identifier) = teaching_stores(services), (ref.site, ref.identifier)
    return LessonData(
        tuple(
            (HeldLesson(held.pupil.key, *lesson), absence)
            for held in stores.announcements.of_family(site, identifier)
            for lesson, absence in held.announced.items()
        ),
        tuple(
            (HeldLesson(pupil.key, roll.ref.course, roll.ref.day), mark)
            for roll in stores.rolls.all(site)
            for pupil, mark in roll.marks.items()
            if pupil.identifier == identifier
        ),
        tuple(
            (HeldLesson(held.pupil.key, *lesson), discipline)
            for held in stores.unexcused.all(site, identifier)
            for lesson, discipline in held.lessons.items()
        ),
        tuple(
            (held.pupil.key, which, assessment)
            for held in stores.assessments.of_family(site, identifier)
            for which, assessment in held.texts.items()
        ),
        tuple(lesson_stores(services).calendars.of_family(site, identifier)),
    )


def forget_in_rolls(services: Services, refs: Collection[AccountRef]) -> None:
    """Take families out of the rolls of their sites, and of what these were counted for; nobody else's mark changes.

    Once for all that are erased: a site has thousands of rolls.
    """
    for site in sorted({ref.site for ref in refs}):
        _forget_at(teaching_stores(services), site, {ref.identifier for ref in refs if ref.site == site})


def _forget_at(stores: TeachingStores, site: str, families: Container[str]) -> None:
    for roll in stores.rolls.all(site):
        if roll.without(families) is not roll:
            stores.rolls.revise(roll.ref, lambda found: found.without(families))
    for counted in stores.unexcused.all_counted(site):
        if counted.without(families) is not counted:
            stores.unexcused.forget_counted(counted.ref, families)


def forget_lessons(services: Services, ref: AccountRef) -> None:
    """Leave nothing that stands under a family's own name: absences told, assessments, calendars, what was counted."""
    settings = services.settings
    FamilyLessons(services.database, settings.lessons_table, settings.teaching_table).forget(ref.site, ref.identifier)
