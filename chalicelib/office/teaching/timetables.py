"""Make the timetables of a site anew from its families' files: after an import, each night, and when asked for."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.teaching.courses import timetables
from chalicelib.services import Services
from chalicelib.teaching_services import teaching_stores
from chalicelib.values import frozen


@frozen
class Rebuilt:
    """What a site's timetables hold now."""

    site: str
    teachers: int
    courses: int
    pupils: int  # each counted once a course


def rebuild(services: Services, sites: Iterable[str], now: datetime) -> tuple[Rebuilt, ...]:
    """Make the timetables of sites anew. Twice is harmless: the newer one stays. Raises `Unavailable`."""
    return tuple(_rebuild(services, site, now) for site in sites)


def _rebuild(services: Services, site: str, now: datetime) -> Rebuilt:
    stores = teaching_stores(services)
    known = list(stores.timetables.all(site))
    made = timetables(site, services.accounts.all(site), now)
    for timetable in made:
        stores.timetables.put(timetable)
    names = {timetable.key for timetable in made}
    for timetable in known:
        if timetable.key not in names:
            stores.timetables.remove(timetable)
    courses = [course for timetable in made for course in timetable.courses]
    return Rebuilt(site, len(made), len(courses), sum(len(course.pupils) for course in courses))
