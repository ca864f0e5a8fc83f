"""A pupil's return to one course: the family's answer, of which only a sent one counts, and the teachers' opinions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from chalicelib.domain.enrolment.answers import CourseWish
from chalicelib.domain.enrolment.enrolments import Enrolment, SentAnswers
from chalicelib.domain.enrolment.opinions import Opinion
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, name_of_year, today
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.text import fold
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.courses import TaughtCourse, TaughtPupil

# « draft »: answered, and never sent. « unsaid »: sent, without this course. « unclear »: with two answers for it.
ReturnKind = Literal[
    "none", "draft", "continues", "other_day", "other_discipline", "stops", "leaves", "unsaid", "unclear", "declined"
]


@frozen
class CourseReturn:
    """The answer about a course. `wanted`: the other discipline. `days`: the preferred ones, best first.

    `is_changing`: other answers are in a draft, and the sent ones hold until it is sent.
    """

    kind: ReturnKind
    wanted: str = ""
    days: tuple[str, ...] = ()
    is_changing: bool = False


def covers_current_courses(period: EnrolmentPeriod | None, now: datetime) -> bool:
    """Whether a period's answers concern today's courses: it is open, or it is over and prepares the next year."""
    if period is None:
        return False
    is_next = period.season > name_of_year(today(now))
    return period.state(now) == "during" or (period.state(now) == "after" and is_next)


def course_return(enrolment: Enrolment, pupil: str, discipline: str) -> CourseReturn:
    """Return a pupil's answer, by key, about their course of a discipline."""
    file = enrolment.pupil(pupil)
    if file is None or file.sent is None:
        return CourseReturn("draft" if file and file.draft else "none")
    kind, wish = _sent(file.sent, discipline)
    if file.verdict == "declined":
        return CourseReturn("declined")
    is_changing = file.state == "changed"
    return CourseReturn(kind, wish.wanted, wish.days, is_changing) if wish else CourseReturn(kind, "", (), is_changing)


def _sent(answers: SentAnswers, discipline: str) -> tuple[ReturnKind, CourseWish | None]:
    if not answers.answers.stays:
        return "leaves", None
    wishes = _about(answers.answers.wishes, discipline)
    if not wishes:
        return "unsaid", None
    if len(wishes) > 1 or wishes[0].contradicts_itself:
        return "unclear", None
    return _kind(wishes[0]), wishes[0]


def _about(wishes: Iterable[CourseWish], discipline: str) -> list[CourseWish]:
    """List the distinct wishes about a discipline: two courses of it may have equal answers."""
    own_wishes = [wish for wish in wishes if not wish.is_added and fold(wish.discipline) == fold(discipline)]
    return list(dict.fromkeys(own_wishes))


def _kind(wish: CourseWish) -> ReturnKind:
    if wish.choice == "keep":
        return "continues"
    if wish.choice == "stop":
        return "stops"
    return "other_day" if fold(wish.wanted) == fold(wish.discipline) else "other_discipline"


@frozen
class CourseOpinions:
    """The opinions on a course's pupils, given or not."""

    course: TaughtCourse
    by_pupil: Mapping[PupilRef, Opinion]

    @property
    def missing(self) -> tuple[TaughtPupil, ...]:
        """The pupils without an opinion, in the course's order."""
        return tuple(pupil for pupil in self.course.pupils if self.by_pupil[pupil.ref].said.leaning is None)

    def next_after(self, ref: PupilRef) -> TaughtPupil | None:
        """Find the next pupil without an opinion: below a pupil, else from the top."""
        refs = [pupil.ref for pupil in self.course.pupils]
        other_pupils = [pupil for pupil in self.missing if pupil.ref != ref]
        below = (pupil for pupil in other_pupils if ref in refs and refs.index(pupil.ref) > refs.index(ref))
        return next(below, other_pupils[0] if other_pupils else None)
