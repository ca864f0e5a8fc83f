"""What changes from this year to the next: what becomes of each course that a pupil takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.family.households import Course


@dataclass(frozen=True)
class Move:
    """A discipline of this year, and that of the next in its place; empty for a course that stops, or is left."""

    before: str
    after: str = ""


def paired(courses: Sequence[Course], wishes: Sequence[CourseWish]) -> tuple[tuple[Course, CourseWish | None], ...]:
    """Give each course with what was wished of it; a wish about a course that is on file no more comes last."""
    left = list(wishes)
    pairs: list[tuple[Course, CourseWish | None]] = []
    for course in courses:
        wish = next((each for each in left if each.discipline == course.discipline), None)
        if wish:
            left.remove(wish)
        pairs.append((course, wish))
    return (*pairs, *((Course(each.discipline), each) for each in left))


def moves(courses: Sequence[Course], answers: PupilAnswers) -> tuple[Move, ...]:
    """Tell what becomes of each course; nothing of one about which nothing was said."""
    if answers.stays is None:
        return ()
    if not answers.stays:
        return tuple(Move(each.discipline) for each in courses)
    return tuple(Move(course.discipline, _after(wish)) for course, wish in paired(courses, answers.wishes) if wish)


def _after(wish: CourseWish) -> str:
    match wish.choice:
        case "keep":
            return wish.discipline
        case "change":
            return wish.wanted or wish.discipline
        case "stop":
            return ""
