"""The calendars' own function: programs poll them at its URL, behind the CDN and without the gateway (decision 125).

They poll all day, so each poll costs three reads and nothing else, and the CDN repeats an answer for an hour. Nothing
is kept longer that a closed account, a new address or « Ce n'est pas moi » would have to remove.
"""

import gzip
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.family.households import first_name
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.presentation.calendar import CalendarLesson, subscribed_calendar
from chalicelib.presentation.texts import ERRORS, de
from chalicelib.services.office import OfficeServices
from chalicelib.wings.teaching.domain.calendars import CalendarCourse, PlannedLesson
from chalicelib.wings.teaching.flows.family import calendar as family_calendar
from chalicelib.wings.teaching.flows.teacher import calendar as teacher_calendar
from chalicelib.wings.teaching.web.lesson_calendar import KEPT_AT_CDN, OF_PUPIL, OF_TEACHER

_HEADERS: Final = {
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": 'attachment; filename="cours.ics"',
    # A browser's copy is short. The CDN's is one for each address, and none is repeated later while there are errors.
    "Cache-Control": f"max-age=600, s-maxage={KEPT_AT_CDN // timedelta(seconds=1)}, stale-if-error=0",
}

declaration = Blueprint(__name__)  # has `chalice package` make the function and its role


@declaration.lambda_function(name="calendars")
def calendars(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer a poll with the lessons. The CDN has the page of an unknown address."""
    services = wiring.services(OfficeServices)
    now = services.clock()
    try:
        body = _calendar(services, event["rawPath"], now)
    except NotThere:
        return {"statusCode": 404}
    except Unavailable as error:
        services.record.write("unavailable", now, event["requestContext"]["requestId"], what=str(error))
        text = "\n\n".join(ERRORS[503])
        return {"statusCode": 503, "headers": {"Content-Type": "text/plain; charset=utf-8"}, "body": text}
    if "gzip" not in event["headers"].get("accept-encoding", ""):
        return {"statusCode": 200, "headers": _HEADERS, "body": body}
    content = b64encode(gzip.compress(body.encode(), mtime=0)).decode()
    return {
        "statusCode": 200,
        "headers": {**_HEADERS, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"},
        "body": content,
        "isBase64Encoded": True,
    }


def _calendar(services: OfficeServices, path: str, now: datetime) -> str:
    """Write the calendar of an address. Raises `NotThere`, `Unavailable`."""
    network = services.settings.network.name
    beginning, _, link = path.rpartition("/")
    if beginning == OF_PUPIL:
        pupil = family_calendar.lessons_behind(services, link, now)
        name = f"Cours {de(first_name(pupil.pupil.name))} - {network}"
        return subscribed_calendar(name, _lessons(services, pupil.key, pupil.lessons), now)
    if beginning == OF_TEACHER:
        lessons = teacher_calendar.lessons_behind(services, link, now)
        return subscribed_calendar(f"Mes cours - {network}", _lessons(services, "agenda", lessons), now)
    raise NotThere


def _lessons(services: OfficeServices, whose: str, lessons: Iterable[PlannedLesson]) -> Iterator[CalendarLesson]:
    """Describe the lessons. The constant `whose` makes their event ids unique among calendars."""
    network = services.settings.network
    host, sites = urlsplit(network.public_url).hostname, {site.code: site.name for site in network.sites}
    for lesson in lessons:
        course = lesson.course
        title = course.discipline or "Cours"
        yield CalendarLesson(
            f"{course.key}-{lesson.day:%Y%m%d}-{whose}@{host}",
            lesson.begins,
            lesson.ends,
            f"Annulé : {title}" if lesson.is_cancelled else title,
            ", ".join(filter(None, (course.place, sites.get(course.site, "")))),
            _words(course, lesson.teacher),
            lesson.is_cancelled,
            lesson.changed_at,
            lesson.revision,
        )


def _words(course: CalendarCourse, substitute: str) -> str:
    if substitute:
        return f"Remplacement par {substitute}"
    if not course.teacher:
        return ""
    return f"Remplacement {de(course.teacher)}" if course.is_lent else f"Professeur : {course.teacher}"


wiring.start(OfficeServices, "lessons", "staff", "teaching")
