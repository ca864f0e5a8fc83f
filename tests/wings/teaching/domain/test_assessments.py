"""Assessments: their open periods, their publication, their retention."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.assessments import (
    Assessment,
    AssessmentRef,
    Period,
    PupilAssessments,
    is_readable,
    periods_open,
    shown_as,
)

FIRST = Period.of("2026", "s1", "1er semestre", "02-15")
SECOND = Period.of("2026", "s2", "2e semestre", "06-20")
REF = AssessmentRef("2026", "s1", "0" * 16)
IN_WINTER = datetime(2027, 2, 1, tzinfo=UTC)
WRITTEN = Assessment("Très bien.", "Mme Pinson", IN_WINTER, "1er semestre", "Violon", "Mme Pinson")
NOTHING = PupilAssessments("evry-xenakis", PupilRef("xen1", "0" * 8))


@pytest.mark.parametrize(
    ("month_day", "day"),
    [
        ("02-15", date(2027, 2, 15)),
        ("08-31", date(2027, 8, 31)),
        ("09-01", date(2026, 9, 1)),
        ("02-29", date(2027, 3, 1)),
    ],
)
def test_a_period_is_published_on_its_day_of_the_school_year(month_day: str, day: date) -> None:
    assert Period.of("2026", "s1", "1er semestre", month_day).published_on == day


@pytest.mark.parametrize(
    ("now", "is_read"),
    [
        (datetime(2027, 2, 14, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2027, 2, 14, 23, tzinfo=UTC), True),
        (datetime(2028, 8, 31, 21, 59, tzinfo=UTC), True),
        (datetime(2028, 8, 31, 22, tzinfo=UTC), False),
    ],
    ids=["the evening before", "0 h in Paris", "a year later", "forgotten"],
)
def test_a_family_reads_it_from_that_day_in_paris_until_it_is_forgotten(now: datetime, *, is_read: bool) -> None:
    assert is_readable(REF, (FIRST, SECOND), now) == is_read


def test_of_a_period_that_the_network_gave_up_it_is_read_once_the_year_is_over() -> None:
    assert not is_readable(REF, (), datetime(2027, 8, 31, 21, 59, tzinfo=UTC))
    assert is_readable(REF, (), datetime(2027, 8, 31, 22, tzinfo=UTC))


def test_a_teacher_writes_of_the_next_period_and_corrects_those_published() -> None:
    assert periods_open((SECOND, FIRST), datetime(2026, 11, 4, tzinfo=UTC)) == (FIRST,)
    assert periods_open((SECOND, FIRST), datetime(2027, 3, 1, tzinfo=UTC)) == (FIRST, SECOND)
    assert periods_open((SECOND, FIRST), datetime(2027, 6, 30, tzinfo=UTC)) == (FIRST, SECOND)


def test_the_same_words_once_more_change_nothing() -> None:
    assessments = NOTHING.with_text(REF, WRITTEN)

    assert assessments.with_text(REF, WRITTEN) is assessments
    assert assessments.without(REF, WRITTEN.at).texts == {}
    assert NOTHING.without(REF, WRITTEN.at) is NOTHING


def test_what_is_kept_no_longer_goes_with_the_next_write() -> None:
    assessments = PupilAssessments("evry-xenakis", NOTHING.pupil, {AssessmentRef("2024", "s1", "0" * 16): WRITTEN})

    assert assessments.unexpired(WRITTEN.at) == {}
    assert set(assessments.with_text(REF, WRITTEN).texts) == {REF}


def test_what_a_form_shows_has_a_name_that_the_words_give() -> None:
    assert shown_as(None) == ""
    assert shown_as(WRITTEN) == shown_as(WRITTEN) != ""
