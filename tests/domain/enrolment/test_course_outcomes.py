"""The changes from this year to the next, course by course."""

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.course_outcomes import CourseOutcome, course_outcomes, pair_with_wishes
from chalicelib.domain.family.households import Course

HAUTBOIS, CHANT, PIANO = Course("Hautbois", "cycle 1"), Course("Chant"), Course("Piano")


def stays(*wishes: CourseWish) -> PupilAnswers:
    return PupilAnswers(stays=True, wishes=wishes)


def test_a_course_goes_on_changes_or_stops() -> None:
    answers = stays(CourseWish("Hautbois", "keep"), CourseWish("Chant", "change", "Alto"), CourseWish("Piano", "stop"))

    assert course_outcomes((HAUTBOIS, CHANT, PIANO), answers) == (
        CourseOutcome("Hautbois", "Hautbois"),
        CourseOutcome("Chant", "Alto"),
        CourseOutcome("Piano"),
    )


def test_another_day_is_no_other_discipline() -> None:
    assert course_outcomes((CHANT,), stays(CourseWish("Chant", "change", "Chant", ("mardi",)))) == (
        CourseOutcome("Chant", "Chant"),
    )


def test_who_leaves_leaves_every_course_whatever_was_wished_before() -> None:
    answers = PupilAnswers(stays=False, wishes=(CourseWish("Hautbois", "keep"),))

    assert course_outcomes((HAUTBOIS, CHANT), answers) == (CourseOutcome("Hautbois"), CourseOutcome("Chant"))


def test_who_has_not_said_moves_nowhere() -> None:
    assert course_outcomes((HAUTBOIS,), PupilAnswers()) == ()


def test_two_courses_of_one_discipline_have_each_their_wish() -> None:
    jazz, classical = Course("Danse", "jazz"), Course("Danse", "classique")
    keep, stop = CourseWish("Danse", "keep"), CourseWish("Danse", "stop")

    assert pair_with_wishes((jazz, classical), (keep, stop)) == ((jazz, keep), (classical, stop))


def test_what_the_file_lists_no_more_or_lists_anew_is_told_as_it_is() -> None:
    keep = CourseWish("Cor", "keep")

    assert pair_with_wishes((HAUTBOIS,), (keep,)) == ((HAUTBOIS, None), (Course("Cor"), keep))
    assert course_outcomes((HAUTBOIS,), stays(keep)) == (CourseOutcome("Cor", "Cor"),)


def test_a_discipline_more_takes_no_course_s_place() -> None:
    more = CourseWish("Chant", "add", days=("mardi",))

    assert pair_with_wishes((CHANT,), (more,)) == ((CHANT, None), (Course(""), more))
    assert course_outcomes((HAUTBOIS,), stays(CourseWish("Hautbois", "keep"), more)) == (
        CourseOutcome("Hautbois", "Hautbois"),
        CourseOutcome("", "Chant"),
    )
