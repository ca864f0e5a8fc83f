"""A teacher in a test's world: pupils of several families in its courses, its linked name, and its browser."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef, pupil_key
from chalicelib.settings.wings import has
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.teachers import Link, Share
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.wings.teaching.services.stores import TeachingStores
from tests.support.staff import TEACHER, enter
from tests.support.world import ROSSIGNOL, Visitor, World

SITE: Final = "evry-xenakis"
DOOR: Final = "/extranet/enseignant"
WEDNESDAY: Final = datetime(2026, 11, 4, 13, 0, tzinfo=UTC)  # 14 h in Paris, half an hour before the lesson
TELEPHONES: Final = ("+33 1 99 00 20 01", "+33 1 99 00 20 02")
PINSON: Final = "Mme Pinson"  # the teacher's name in the yearly file
OTHER: Final = "M. Choucas"  # another teacher's
VIOLIN: Final = Course("Violon", "Cycle 1 - 2e année", PINSON, "mercredi 14 h 30 - 15 h 15", "salle Lully")
ENSEMBLE: Final = Course("Ensemble à cordes", "", PINSON, "vendredi 18 h - 19 h", "auditorium")
CELLO: Final = Course("Violoncelle", "Cycle 1 - 1re année", OTHER, "mercredi 14 h 30 - 15 h 15", "salle Bach")
MESANGE: Final = AccountRef(SITE, "xen2")
LORIOT: Final = AccountRef(SITE, "xen3")  # another teacher's pupil
ZELIE: Final = Pupil("Zélie Rossignol", date(2015, 5, 4), (VIOLIN, ENSEMBLE))
BASILE: Final = Pupil("Basile Mésange", date(2014, 2, 11), (VIOLIN,))
ODETTE: Final = Pupil("Odette Loriot", date(2013, 9, 30), (CELLO,))


def stores(world: World) -> TeachingStores:
    """Return the teaching stores."""
    return world.services.teaching


def ref_of(account: AccountRef, pupil: Pupil) -> PupilRef:
    """Return the key of a pupil within their site."""
    return PupilRef(account.identifier, pupil_key(pupil))


def settle_pupil(world: World, ref: AccountRef, *pupils: Pupil, emails: Sequence[str] = (), **values: Any) -> Account:
    """Store a family with its pupils, and two guardians with these addresses, or one with a default one."""
    name = pupils[0].name.split()[-1]
    emails = tuple(emails) or (f"{ref.identifier}@example.org",)
    guardians = tuple(
        Guardian(f"{title} {name}", email, telephone)
        for title, email, telephone in zip(("Mme", "M."), emails, TELEPHONES, strict=False)
    )
    values = {"name": f"Famille {name}", "emails": emails, "household": Household(guardians, (), pupils)} | values
    return world.settle(ref, **values)


def settle_courses(world: World, now: datetime | None = None) -> None:
    """Store three families, two of them in one teacher's course, and make the timetables of their site, as of `now`."""
    world.now = now or world.now
    settle_pupil(world, ROSSIGNOL, ZELIE, emails=("rossignol@example.org", "autre.rossignol@example.org"))
    settle_pupil(world, MESANGE, BASILE)
    settle_pupil(world, LORIOT, ODETTE)
    if has("teaching"):
        rebuild(world.services, (SITE,), world.now)


def link(world: World, name: str = PINSON, email: str = TEACHER, site: str = SITE) -> None:
    """Link a name of the yearly file to a member."""
    stores(world).teachers.revise_at(email, lambda teacher: teacher.with_link(Link(site, name)))


def lend(world: World, course: Course, email: str, first_on: date, last_on: date) -> Share:
    """Lend a course to a substitute."""
    share = Share(SITE, course.teacher, course_key(course), first_on, last_on, "Basile Troglodyte")
    stores(world).teachers.revise_at(email, lambda teacher: teacher.with_share(share))
    return share


def enter_as_teacher(world: World, visitor: Visitor, email: str = TEACHER, name: str = PINSON) -> None:
    """Store the courses on a Wednesday before the lesson, link the teacher, and send their session from now on."""
    settle_courses(world, WEDNESDAY)
    link(world, name, email)
    enter(world, visitor, email, role="teacher")


def teaching(world: World, **changes: Any) -> None:
    """Change the network's teaching settings."""
    settings = world.services.settings
    network = replace(settings.network, teaching=replace(settings.network.teaching, **changes))
    world.services = replace(world.services, settings=replace(settings, network=network))


def course_address(course: Course = VIOLIN, *ending: str, site: str = SITE) -> str:
    """Return the address of a course's page, or of one below it."""
    return "/".join((f"{DOOR}/cours/{site}/{course_key(course)}", *ending))


def pupil_address(ref: AccountRef, pupil: Pupil, *ending: str, course: Course = VIOLIN) -> str:
    """Return the address of a pupil's page in a course, or of one below it."""
    return course_address(course, "eleves", ref.identifier, pupil_key(pupil), *ending)
