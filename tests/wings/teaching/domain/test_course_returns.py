"""The return to one course: only sent answers count, and which pupil has no opinion."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, SentAnswers
from chalicelib.domain.enrolment.opinions import Opinion, OpinionRef, OpinionText
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, EnrolmentRef
from chalicelib.domain.family.households import PupilRef
from chalicelib.wings.teaching.domain.course_returns import (
    CourseOpinions,
    CourseReturn,
    course_return,
    covers_current_courses,
)
from chalicelib.wings.teaching.domain.courses import TaughtCourse, TaughtPupil

AT = datetime(2027, 6, 2, tzinfo=UTC)
JUNE = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))
STAYS = PupilAnswers(stays=True, wishes=(CourseWish("Violon", "keep"), CourseWish("Chorale", "stop")))


def enrolment(*files: PupilFile) -> Enrolment:
    return Enrolment(EnrolmentRef(AccountRef("evry-xenakis", "xen1"), "2027"), AT, pupils=files)


def sent(answers: PupilAnswers, decision: EnrolmentDecision | None = None) -> PupilFile:
    return PupilFile("zelie", "Zélie", sent=SentAnswers(answers, "R27-K4TN-8WCB", AT, decision))


def wishing(*wishes: CourseWish) -> PupilFile:
    return sent(PupilAnswers(stays=True, wishes=wishes))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (None, CourseReturn("none")),
        (PupilFile("zelie", "Zélie", STAYS), CourseReturn("draft")),
        (sent(STAYS), CourseReturn("continues")),
        (wishing(CourseWish("VIOLON", "stop")), CourseReturn("stops")),
        (
            wishing(CourseWish("Violon", "change", "Violon", ("mardi", "jeudi"))),
            CourseReturn("other_day", "Violon", ("mardi", "jeudi")),
        ),
        (wishing(CourseWish("Violon", "change", "Alto")), CourseReturn("other_discipline", "Alto")),
        (sent(PupilAnswers(stays=False, reason="Départ")), CourseReturn("leaves")),
        (wishing(CourseWish("Chorale", "keep"), CourseWish("Violon", "add")), CourseReturn("unsaid")),
        (wishing(CourseWish("Violon", "keep"), CourseWish("Violon", "stop")), CourseReturn("unclear")),
        (wishing(CourseWish("Violon", "keep"), CourseWish("Violon", "keep")), CourseReturn("continues")),
        (wishing(CourseWish("Violon", "keep", "Alto")), CourseReturn("unclear")),
        (sent(STAYS, EnrolmentDecision("accepted", "Mme Houx", AT)), CourseReturn("continues")),
        (sent(STAYS, EnrolmentDecision("declined", "Mme Houx", AT)), CourseReturn("declined")),
    ],
)
def test_only_what_was_sent_says_something_of_a_course(file: PupilFile | None, expected: CourseReturn) -> None:
    assert course_return(enrolment(*([file] if file else [])), "zelie", "Violon") == expected


def test_what_was_sent_holds_while_other_answers_wait_to_be_sent() -> None:
    file = replace(sent(STAYS), draft=PupilAnswers(stays=False))

    assert course_return(enrolment(file), "zelie", "Violon") == CourseReturn("continues", is_changing=True)


@pytest.mark.parametrize(
    ("period", "day", "tells"),
    [
        (None, date(2027, 6, 2), False),
        (JUNE, date(2027, 5, 31), False),
        (JUNE, date(2027, 6, 1), True),
        (JUNE, date(2027, 8, 31), True),
        (JUNE, date(2027, 9, 1), False),  # these courses are those that it prepared
        (EnrolmentPeriod(date(2027, 8, 25), date(2027, 9, 10)), date(2027, 9, 5), True),
    ],
)
def test_a_period_tells_of_courses_of_its_year_only(period: EnrolmentPeriod | None, day: date, tells: bool) -> None:
    assert covers_current_courses(period, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) is tells


def test_the_next_pupil_is_the_first_without_an_opinion_below_then_from_the_top() -> None:
    pupils = [TaughtPupil(PupilRef("xen1", str(number)), f"Élève {number}") for number in range(4)]
    course = TaughtCourse("c1", "Violon", "", "", tuple(pupils))

    def opinions(*values: int) -> CourseOpinions:
        refs = (OpinionRef("evry-xenakis", "2027", pupil.ref, "c1") for pupil in pupils)
        given_opinions = [
            Opinion(ref, OpinionText("reserved" if number in values else None)) for number, ref in enumerate(refs)
        ]
        return CourseOpinions(course, {opinion.ref.pupil: opinion for opinion in given_opinions})

    assert opinions(1, 2).missing == (pupils[0], pupils[3])
    assert opinions(1, 2).next_after(pupils[1].ref) == pupils[3]
    assert opinions(1, 3).next_after(pupils[2].ref) == pupils[0]
    assert opinions(0, 1, 3).next_after(pupils[2].ref) is None
    assert opinions(0, 1, 2, 3).next_after(pupils[2].ref) is None
    assert opinions(0, 1).next_after(PupilRef("xen9", "gone")) == pupils[2]
