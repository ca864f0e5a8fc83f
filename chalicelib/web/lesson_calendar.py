"""A calendar of a pupil's or teacher's lessons, polled by programs. It names no other pupil."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from chalicelib.domain.teaching.calendars import CalendarCourse, PlannedLesson
from chalicelib.presentation.calendar import CalendarLesson, subscribed_calendar
from chalicelib.presentation.texts import de
from chalicelib.web.edge import PageRequest
from chalicelib.web.responses import Response, file

_KIND = "text/calendar; charset=utf-8"
_KEPT = "private, max-age=600"  # short, so that a revoked address stops soon


def lesson_calendar(request: PageRequest, name: str, whose: str, lessons: Iterable[PlannedLesson]) -> Response:
    """Answer with a calendar of this name. The constant `whose` makes its event ids unique among calendars."""
    body = subscribed_calendar(name, _lessons(request, whose, lessons), request.now)
    answer = file("cours.ics", _KIND, body)
    answer.headers["Cache-Control"] = _KEPT
    return answer


def subscription(request: PageRequest, path: str) -> dict[str, str]:
    """Write the address of a calendar: to copy, and as `webcal:` for telephones and computers to subscribe."""
    address = request.services.settings.network.url(path)
    return {"address": address, "webcal": f"webcal:{address.partition(':')[2]}"}


def _lessons(request: PageRequest, whose: str, lessons: Iterable[PlannedLesson]) -> Iterator[CalendarLesson]:
    network = request.services.settings.network
    host, sites = urlsplit(network.public_url).hostname, {site.code: site.name for site in network.sites}
    for lesson in lessons:
        course = lesson.course
        title = course.discipline or "Cours"
        yield CalendarLesson(
            f"{course.key}-{lesson.day:%Y%m%d}-{whose}@{host}",
            lesson.begins,
            lesson.ends,
            f"Annulé : {title}" if lesson.cancelled_at else title,
            ", ".join(filter(None, (course.place, sites.get(course.site, "")))),
            _words(course),
            lesson.cancelled_at,
        )


def _words(course: CalendarCourse) -> str:
    if not course.teacher:
        return ""
    return f"Remplacement {de(course.teacher)}" if course.is_lent else f"Professeur : {course.teacher}"
