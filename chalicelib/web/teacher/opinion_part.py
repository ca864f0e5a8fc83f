"""The part of a pupil's page that has the opinion on its return: its form, and of whom of the course one is missing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.domain.teaching.opinions import Opinion
from chalicelib.domain.teaching.school_years import today
from chalicelib.flows.teacher.opinion import opinion_lookups, opinion_window, opinions_of_course
from chalicelib.office.enrolment import labels
from chalicelib.presentation.texts import day, sentence
from chalicelib.services.family import Services
from chalicelib.web.teacher.edge import TeacherRequest


def lookups(request: TeacherRequest) -> Sequence[Any]:
    """Look up the opinions of the course's pupils: the button names who comes next."""
    return opinion_lookups(request.services, request.course, request.now)


def facts(request: TeacherRequest, found: Sequence[Opinion]) -> dict[str, Any]:
    """Say which one stands; and what was typed instead, where this form is shown again."""
    opinions, ref = opinions_of_course(request.course, found), request.pupil.ref
    standing, is_typed = opinions.found[ref], "avis_mots" in request.form
    return {
        "opinion": standing,
        "opinion_version": request.field("vu") if is_typed else standing.version,
        "opinion_typed": (request.field("avis"), request.field("avis_mots"))
        if is_typed
        else (standing.said.leaning, standing.said.words),
        "opinion_next": opinions.next_after(ref),
        "opinions_open": opinion_window(request.services).has(today(request.now)),
        "opinions_when": when(request.services, "opinions_when"),
        "opinion_words": labels,
    }


def when(services: Services, code: str) -> str:
    """Say from when to when opinions are given, in a sentence that has both."""
    window = opinion_window(services)
    return sentence(code, opens_on=_day_of_year(window.opens_on), closes_on=_day_of_year(window.closes_on))


def _day_of_year(written: str) -> str:
    """Write « MM-DD », of whatever year: « 1er mars »."""
    return day(date.fromisoformat(f"2000-{written}")).removesuffix(" 2000")


def information(request: TeacherRequest) -> str | None:
    """Say of whom of the course an opinion was stored, where that led here."""
    saved = request.query.get("avis")
    pupil = next((one for one in request.course.course.pupils if one.ref.key == saved), None)
    return sentence("opinion_saved", name=pupil.name) if pupil else None
