"""What changes from this year to the next, course by course."""

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.course_outcomes import Move, moves, paired
from chalicelib.domain.family.households import Course

HAUTBOIS, CHANT, PIANO = Course("Hautbois", "cycle 1"), Course("Chant"), Course("Piano")


def stays(*wishes: CourseWish) -> PupilAnswers:
    return PupilAnswers(stays=True, wishes=wishes)


def test_a_course_goes_on_changes_or_stops() -> None:
    answers = stays(CourseWish("Hautbois", "keep"), CourseWish("Chant", "change", "Alto"), CourseWish("Piano", "stop"))

    assert moves((HAUTBOIS, CHANT, PIANO), answers) == (
        Move("Hautbois", "Hautbois"),
        Move("Chant", "Alto"),
        Move("Piano"),
    )


def test_another_day_is_no_other_discipline() -> None:
    assert moves((CHANT,), stays(CourseWish("Chant", "change", "Chant", ("mardi",)))) == (Move("Chant", "Chant"),)


def test_who_leaves_leaves_every_course_whatever_was_wished_before() -> None:
    answers = PupilAnswers(stays=False, wishes=(CourseWish("Hautbois", "keep"),))

    assert moves((HAUTBOIS, CHANT), answers) == (Move("Hautbois"), Move("Chant"))


def test_who_has_not_said_moves_nowhere() -> None:
    assert moves((HAUTBOIS,), PupilAnswers()) == ()


def test_two_courses_of_one_discipline_have_each_their_wish() -> None:
    one, two = Course("Danse", "jazz"), Course("Danse", "classique")
    keep, stop = CourseWish("Danse", "keep"), CourseWish("Danse", "stop")

    assert paired((one, two), (keep, stop)) == ((one, keep), (two, stop))


def test_what_the_file_lists_no_more_or_lists_anew_is_told_as_it_is() -> None:
    keep = CourseWish("Cor", "keep")

    assert paired((HAUTBOIS,), (keep,)) == ((HAUTBOIS, None), (Course("Cor"), keep))
    assert moves((HAUTBOIS,), stays(keep)) == (Move("Cor", "Cor"),)
