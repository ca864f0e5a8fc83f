"""Messages to the families of a course: counted per day, and a form sent twice is one message."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.wings.teaching.domain.courses import TaughtCourse
from chalicelib.wings.teaching.domain.messages import (
    KEPT,
    CourseMessage,
    CourseMessages,
    MessageRef,
    MessagesUsedUp,
    day_of_form,
    new_form,
)

NOW = datetime(2026, 11, 4, 23, 30, tzinfo=UTC)  # half past midnight in Paris
COURSE = TaughtCourse("c", "Violon", "mercredi 14 h 30", "", ())


def message(key: str) -> CourseMessage:
    return CourseMessage(key, NOW, "Gaspard Roitelet", "Apportez votre archet.", 2, 3)


def test_a_form_sent_twice_is_one_message_and_another_is_one_too_many() -> None:
    words = CourseMessages("evry-xenakis", "c", date(2026, 11, 5)).with_message(message("a"), 1, "Mme Pinson", COURSE)

    assert words.with_message(message("a"), 1, "Mme Pinson", COURSE) is words
    with pytest.raises(MessagesUsedUp):
        words.with_message(message("b"), 1, "Mme Pinson", COURSE)
    assert len(words.with_message(message("b"), 2, "Mme Pinson", COURSE).messages) == 2


def test_a_form_is_named_by_its_day_in_paris_and_no_other_name_is_taken() -> None:
    form = new_form(NOW)

    assert day_of_form(form) == date(2026, 11, 5)
    assert new_form(NOW) != form
    assert [day_of_form(name) for name in ("", "a", "2026-13-40-0123456789abcdef", f"{form}#")] == [None] * 4


def test_a_message_is_found_by_its_name_and_forgotten_after_a_year() -> None:
    ref = MessageRef("evry-xenakis", "c", date(2026, 11, 5), new_form(NOW))

    assert MessageRef.parse("evry-xenakis", ref.name) == ref
    assert [message("a").is_kept(moment) for moment in (NOW, NOW + KEPT)] == [True, False]
