"""Cancelled lessons of a course."""

from datetime import UTC, date, datetime

from chalicelib.domain.teaching.cancellations import Cancellation, CourseChanges

DAY = date(2026, 11, 4)


def test_a_lesson_is_cancelled_once() -> None:
    first = Cancellation("Mme Pinson", datetime(2026, 11, 3, tzinfo=UTC), "Malade")
    course = CourseChanges("evry-xenakis", "0" * 16).with_cancelled(DAY, first)

    assert course.with_cancelled(DAY, Cancellation("M. Choucas", first.at)) is course
    assert course.cancelled == {DAY: first}
