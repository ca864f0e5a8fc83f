"""A pupil's next lessons: of all its courses, four weeks ahead, until each is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.family.households import Course, PupilRef
from chalicelib.wings.teaching.domain.announcements import (
    AnnouncedAbsence,
    CourseChanges,
    LessonCancellation,
    PupilAbsences,
)
from chalicelib.wings.teaching.domain.coming_lessons import ComingLesson, coming_lessons
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.school_years import Closure, SchoolYear, SchoolYears

YEAR = SchoolYear(date(2026, 9, 7), date(2027, 7, 3), (Closure("Pause", date(2026, 11, 16), date(2026, 11, 22)),))
VIOLIN = Course("Violon", "", "Mme Pinson", "mercredi 14 h 30 - 15 h 15")
CHOIR = Course("Chœur", "", "M. Choucas", "mercredi")  # its hour is not known
NOTHING = PupilAbsences("evry-xenakis", PupilRef("xen1", "0" * 8))
ENDS = datetime(2026, 11, 4, 14, 15, tzinfo=UTC)  # 15 h 15 in Paris
FOURTH, LAST = date(2026, 11, 4), date(2026, 12, 2)


def days(now: datetime, *courses: Course) -> list[tuple[str, str]]:
    return [(lesson.course.discipline, lesson.key[1].isoformat()) for lesson in lessons(now, *courses)]


def lessons(
    now: datetime, *courses: Course, changes: tuple[CourseChanges, ...] = (), absences: PupilAbsences = NOTHING
) -> tuple[ComingLesson, ...]:
    by_key = {course_key(course): course for course in courses}
    return coming_lessons(SchoolYears((YEAR,)), by_key, changes, absences, now)


def test_lessons_of_four_weeks_are_listed_without_closures_and_until_they_are_over() -> None:
    weeks = [("Violon", day) for day in ("2026-11-04", "2026-11-25", "2026-12-02")]

    assert days(ENDS - timedelta(seconds=1), VIOLIN) == weeks  # the 11th is a public holiday, the 18th in a closure
    assert days(ENDS, VIOLIN) == weeks[1:]


@pytest.mark.parametrize(("hour", "first"), [(22, "2026-11-04"), (23, "2026-11-25")])
def test_a_lesson_of_unknown_hours_lasts_until_its_day_is_over_in_paris(hour: int, first: str) -> None:
    assert days(datetime(2026, 11, 4, hour, 59, tzinfo=UTC), CHOIR)[0] == ("Chœur", first)


def test_lessons_of_several_courses_are_in_the_order_of_their_days_and_hours() -> None:
    assert [discipline for discipline, _ in days(ENDS - timedelta(hours=3), CHOIR, VIOLIN)][:2] == ["Violon", "Chœur"]


def test_an_end_that_the_file_does_not_tell_is_not_said() -> None:
    (lesson, *_), (second, *_) = lessons(ENDS, VIOLIN), lessons(ENDS, Course("Alto", "", "Mme Pinson", "jeudi 18 h"))

    assert lesson.ends_at == lesson.hours[1] if lesson.hours else False
    assert (second.hours is not None, second.ends_at) == (True, None)


def test_a_course_without_a_weekday_has_no_lesson_to_tell() -> None:
    assert days(ENDS, Course("Alto", "", "Mme Pinson", "à convenir")) == []


def test_what_is_cancelled_and_what_was_announced_go_with_their_lesson_alone() -> None:
    key = course_key(VIOLIN)
    cancellation, absence = LessonCancellation("Mme Pinson", ENDS, "Concert"), AnnouncedAbsence(ENDS, "Mme Rossignol")
    changes = CourseChanges("evry-xenakis", key).with_cancelled(LAST, cancellation)
    absences = NOTHING.with_announced((key, FOURTH), absence)

    coming = lessons(ENDS - timedelta(hours=1), VIOLIN, changes=(changes,), absences=absences)

    assert [(lesson.announced, lesson.cancelled) for lesson in coming] == [
        (absence, None),
        (None, None),
        (None, cancellation),
    ]
    assert (coming[0].name, coming[0].weekday) == (f"{key}#2026-11-04", "mercredi")
