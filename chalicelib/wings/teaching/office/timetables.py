"""Rebuild the timetables of a site from its families' files: after an import, and each night."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.wings.teaching.domain.courses import FamilyCourse, Timetable, are_all, timetables
from chalicelib.wings.teaching.services.stores import TeachingStores
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services


def rebuild(services: Services, sites: Iterable[str], now: datetime) -> None:
    """Rebuild the timetables of sites. Idempotent: the newest one stays. Raises `Unavailable`."""
    for site in sites:
        _rebuild(services, site, now)


def _rebuild(services: Services, site: str, now: datetime) -> None:
    stores = services.teaching
    in_store, former = frozenset(stores.courses.of_site(site)), list(stores.timetables.all(site))
    families: set[str] = set()

    def note(account: Account) -> Account:
        families.add(account.ref.identifier)
        return account

    fresh = timetables(site, map(note, services.accounts.all(site)), now)
    _store_courses(services, site, in_store, families, (*former, *fresh))
    for timetable in fresh:
        stores.timetables.replace(timetable)
    names = {timetable.key for timetable in fresh}
    for timetable in former:
        if timetable.key not in names:
            stores.timetables.remove(timetable)


def _store_courses(
    services: Services, site: str, in_store: frozenset[FamilyCourse], families: set[str], tables: Iterable[Timetable]
) -> None:
    """Store the courses of families before a timetable lists them. On a site's first time, also those of stored rolls.

    Erased families have none.
    """
    stores = services.teaching
    whole = {FamilyCourse(identifier) for identifier in families}
    courses = {course for timetable in tables for course in timetable.family_courses}
    if whole.isdisjoint(in_store):
        for roll in stores.rolls.all(site):
            courses |= {FamilyCourse(pupil.identifier, course=roll.ref.course) for pupil in roll.marks}
        for row in stores.absences.counted.all(site):
            courses |= {FamilyCourse(pupil.identifier, course=row.ref.course) for pupil in row.pupils}
    stores.courses.add(site, {course for course in courses if course.identifier in families} - in_store)
    stores.courses.add(site, whole - in_store)
    surplus = (course for course in in_store if course.identifier not in families)
    services.database.write_all(stores.courses.deletions(site, surplus))


def forget(services: Services, ref: AccountRef, courses: Sequence[FamilyCourse]) -> None:
    """Delete an erased family, given its stored courses, from its timetables.

    A timetable being rebuilt concurrently may still list the family, so this repeats until none does. Raises
    `Unavailable`.
    """
    stores = services.teaching
    for _ in range(RACES):
        tables = [timetable for timetable in _timetables_of(stores, ref, courses) if timetable.mentions(ref.identifier)]
        if not tables:
            return
        for timetable in tables:
            stores.timetables.replace(timetable.without(ref.identifier))
    raise Unavailable("the timetables keep changing")


def _timetables_of(stores: TeachingStores, ref: AccountRef, courses: Sequence[FamilyCourse]) -> Iterable[Timetable]:
    """Read the timetables that may list a family: those of its teachers, or of the whole site."""
    if not are_all(courses):
        return stores.timetables.all(ref.site)
    teachers = sorted({course.teacher for course in courses if course.teacher})
    return filter(None, stores.timetables.find_all(ref.site, teachers))
