"""The changes from this year to the next, for each course of a pupil."""

from collections.abc import Sequence

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.family.households import Course
from chalicelib.values import frozen


@frozen
class CourseOutcome:
    """A discipline of this year, and its replacement next year.

    `after` is empty for a course that stops. `before` is empty for an additional discipline.
    """

    before: str
    after: str = ""


def pair_with_wishes(
    courses: Sequence[Course], wishes: Sequence[CourseWish]
) -> tuple[tuple[Course, CourseWish | None], ...]:
    """Pair each course with its wish.

    Additional disciplines, and wishes for courses no longer on file, come last.
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
    """List the outcome of each course, without those that have no answer."""
    if answers.stays is None:
        return ()
    if not answers.stays:
        return tuple(CourseOutcome(course.discipline) for course in courses)
    return tuple(
        CourseOutcome(course.discipline, wish.next_discipline)
        for course, wish in pair_with_wishes(courses, answers.wishes)
        if wish
    )
