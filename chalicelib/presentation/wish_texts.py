"""The French descriptions of a pupil's wishes, for pages, receipts and mails."""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.enrolment.answers import CourseWish, pair_with_wishes
from chalicelib.domain.family.households import Course

TO_CHOOSE: Final = "Une discipline à choisir"


def wish(given: CourseWish) -> str:
    """Describe a wish: « Hautbois : change pour Alto ; jours souhaités, dans l'ordre : mardi, jeudi »."""
    return f"{given.discipline or TO_CHOOSE} : {wish_alone(given)}"


def wish_alone(given: CourseWish) -> str:
    """Describe a wish without its discipline: « continue, à un autre moment »."""
    if given.contradicts_itself:
        return "à préciser"
    days = f" ; jours souhaités, dans l'ordre : {', '.join(given.days)}" if given.days else ""
    match given.choice:
        case "keep":
            return "continue"
        case "stop":
            return "arrête"
        case "add":
            return f"une discipline de plus{days}"
        case _ if given.wanted == given.discipline:
            return f"continue, à un autre moment{days}"
        case _:
            return f"change pour {given.wanted or TO_CHOOSE.lower()}{days}"


def wishes_on_receipt(wishes: tuple[CourseWish, ...], courses: Sequence[Course]) -> list[str]:
    """Describe each wish, with level and hour of its course: « Hautbois : continue (cette année : Cycle 1, lundi) »."""
    pairs = ((course, own) for course, own in pair_with_wishes(courses, wishes) if own)
    known = ((wish(own), ", ".join(filter(None, (course.level, course.slot)))) for course, own in pairs)
    return [f"{said} (cette année : {details})" if details else said for said, details in known]


def accepted_course(course: Course, given: CourseWish | None) -> str:
    """Describe an accepted course, with this year's day and hour if it continues unchanged."""
    description = wish(given or CourseWish(course.discipline, "keep"))
    goes_on = given is None or given.choice == "keep"
    return f"{description} (cette année : {course.slot})" if goes_on and course.slot else description
