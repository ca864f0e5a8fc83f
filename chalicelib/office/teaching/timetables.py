"""Make the timetables of a site anew from its families' files: after an import, each night, and when asked for."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.teaching.courses import timetables
from chalicelib.services import Services
from chalicelib.stores.revising import RACES
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


def forget(services: Services, ref: AccountRef) -> None:
    """Take a family out of its site's timetables: its account is erased. Raises `Unavailable`.

    One that is made anew at this very moment may have read the family still: it is looked for until it is nowhere.
    """
    stores = teaching_stores(services)
    for _ in range(RACES):
        known = tuple(timetable for timetable in stores.timetables.all(ref.site) if timetable.mentions(ref.identifier))
        if not known:
            return
        for timetable in known:
            stores.timetables.put(timetable.without(ref.identifier))
    raise Unavailable("the timetables keep changing")
