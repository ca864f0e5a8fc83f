"""What changes from this year to the next: what becomes of each course that a pupil takes."""

from collections.abc import Sequence

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.family.households import Course
from chalicelib.values import frozen


@frozen
class CourseOutcome:
    """A discipline of this year, and that of the next in its place.

    `after` is empty for a course that stops, or is left; `before` for a discipline more.
    """

    before: str
    after: str = ""


def pair_with_wishes(
    courses: Sequence[Course], wishes: Sequence[CourseWish]
) -> tuple[tuple[Course, CourseWish | None], ...]:
    """Pair each course with what was wished of it.

    A wish about a course that is on file no more comes last, and a discipline more, which is no course of this year.
    """
    left = list(wishes)
    pairs: list[tuple[Course, CourseWish | None]] = []
    for course in courses:
        wish = next((wish for wish in left if wish.discipline == course.discipline and not wish.is_added), None)
        if wish:
            left.remove(wish)
        pairs.append((course, wish))
    return (*pairs, *((Course("" if wish.is_added else wish.discipline), wish) for wish in left))


def course_outcomes(courses: Sequence[Course], answers: PupilAnswers) -> tuple[CourseOutcome, ...]:
    """List what becomes of each course; nothing of one about which nothing was said."""
    if answers.stays is None:
        return ()
    if not answers.stays:
        return tuple(CourseOutcome(course.discipline) for course in courses)
    return tuple(
        CourseOutcome(course.discipline, wish.next_discipline)
        for course, wish in pair_with_wishes(courses, answers.wishes)
        if wish
    )
