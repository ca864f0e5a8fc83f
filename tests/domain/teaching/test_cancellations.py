"""Cancelled lessons of a course."""

from datetime import UTC, date, datetime

from chalicelib.domain.teaching.cancellations import Cancellation, CourseChanges

DAY = date(2026, 11, 4)


def test_a_lesson_is_cancelled_once() -> None:
    first = Cancellation("Mme Pinson", datetime(2026, 11, 3, tzinfo=UTC), "Malade")
    course = CourseChanges("evry-xenakis", "0" * 16).with_cancelled(DAY, first)

    assert course.with_cancelled(DAY, Cancellation("M. Choucas", first.at)) is course
    assert course.cancelled == {DAY: first}


def test_what_was_cancelled_in_a_school_year_that_is_over_goes_with_the_next_one() -> None:
    cancellation, later = Cancellation("Mme Pinson", datetime(2026, 11, 3, tzinfo=UTC)), date(2027, 9, 8)

    course = (
        CourseChanges("evry-xenakis", "0" * 16).with_cancelled(DAY, cancellation).with_cancelled(later, cancellation)
    )

    assert course.cancelled == {later: cancellation}
