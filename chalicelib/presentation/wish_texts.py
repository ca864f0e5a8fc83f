"""The French descriptions of a pupil's wishes, for pages, receipts and mails."""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.enrolment.answers import CourseWish, pair_with_wishes
from chalicelib.domain.family.households import Course

TO_CHOOSE: Final = "Une discipline à choisir"


def wish(course_wish: CourseWish) -> str:
    """Describe a wish: « Hautbois : change pour Alto ; jours souhaités, dans l'ordre : mardi, jeudi »."""
    return f"{course_wish.discipline or TO_CHOOSE} : {wish_alone(course_wish)}"


def wish_alone(course_wish: CourseWish) -> str:
    """Describe a wish without its discipline: « continue, à un autre moment »."""
    if course_wish.contradicts_itself:
        return "à préciser"
    days = f" ; jours souhaités, dans l'ordre : {', '.join(course_wish.days)}" if course_wish.days else ""
    match course_wish.choice:
        case "keep":
            return "continue"
        case "stop":
            return "arrête"
        case "add":
            return f"une discipline de plus{days}"
        case _ if course_wish.wanted == course_wish.discipline:
            return f"continue, à un autre moment{days}"
        case _:
            return f"change pour {course_wish.wanted or TO_CHOOSE.lower()}{days}"


def wishes_on_receipt(wishes: tuple[CourseWish, ...], courses: Sequence[Course]) -> list[str]:
    """Describe each wish, with level and hour of its course: « Hautbois : continue (cette année : Cycle 1, lundi) »."""
    pairs = ((course, own) for course, own in pair_with_wishes(courses, wishes) if own)
    lines = ((wish(own), ", ".join(filter(None, (course.level, course.slot)))) for course, own in pairs)
    return [f"{said} (cette année : {details})" if details else said for said, details in lines]


def accepted_course(course: Course, course_wish: CourseWish | None) -> str:
    """Describe an accepted course, with this year's day and hour if it continues unchanged."""
    description = wish(course_wish or CourseWish(course.discipline, "keep"))
    goes_on = course_wish is None or course_wish.choice == "keep"
    return f"{description} (cette année : {course.slot})" if goes_on and course.slot else description
