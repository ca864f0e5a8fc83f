"""Announced absences."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.announcements import (
    AnnouncedAbsence,
    CourseChanges,
    LessonCancellation,
    LessonChange,
    PupilAbsences,
)

DAY = date(2026, 11, 4)


def test_a_lesson_is_cancelled_once() -> None:
    first = LessonCancellation("Mme Pinson", datetime(2026, 11, 3, tzinfo=UTC), "Malade")
    course = CourseChanges("evry-xenakis", "0" * 16).with_cancelled(DAY, first)

    assert course.with_cancelled(DAY, LessonCancellation("M. Choucas", first.at)) is course
    assert course.cancelled == {DAY: first}


def test_what_was_cancelled_in_a_school_year_that_is_over_goes_with_the_next_one() -> None:
    cancellation, later = LessonCancellation("Mme Pinson", datetime(2026, 11, 3, tzinfo=UTC)), date(2027, 9, 8)

    course = (
        CourseChanges("evry-xenakis", "0" * 16).with_cancelled(DAY, cancellation).with_cancelled(later, cancellation)
    )

    assert course.cancelled == {later: cancellation}


def test_a_lesson_that_takes_place_after_all_may_be_cancelled_again_and_counts_its_changes() -> None:
    cancellation = LessonCancellation("Mme Pinson", datetime(2026, 11, 3, tzinfo=UTC), act="first")
    course = CourseChanges("evry-xenakis", "0" * 16).with_cancelled(DAY, cancellation)
    after = course.with_change(DAY, LessonChange("M. Choucas", cancellation.at, "second"))
    again = after.with_cancelled(DAY, replace(cancellation, act="third"))

    assert (after.cancelled, after.changes[DAY].takes_back) == ({}, "first")
    assert [one.revision(DAY) for one in (course, after, again)] == [1, 2, 3]
    assert [entry.act for one in (course, after, again) if (entry := one.entry(DAY))] == ["first", "second", "third"]


LESSON = ("0" * 16, date(2026, 11, 4))
ABSENCE = AnnouncedAbsence(datetime(2026, 11, 3, tzinfo=UTC))


def test_an_absence_is_announced_once_and_taken_back() -> None:
    nothing = PupilAbsences("evry-xenakis", PupilRef("xen1", "0" * 8))
    absences = nothing.with_announced(LESSON, ABSENCE)

    assert absences.with_announced(LESSON, ABSENCE) is absences
    assert absences.is_announced(*LESSON)
    assert not absences.without(LESSON).is_announced(*LESSON)
    assert nothing.without(LESSON) is nothing


def test_what_was_announced_in_a_school_year_that_is_over_goes_with_the_next_announcement() -> None:
    later = (LESSON[0], date(2027, 9, 8))

    absences = PupilAbsences("evry-xenakis", PupilRef("xen1", "0" * 8)).with_announced(LESSON, ABSENCE)

    assert absences.with_announced(later, ABSENCE).announced == {later: ABSENCE}
