"""At any address, a teacher sees today's own courses and pupils only, and changes no other."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Course, Pupil, pupil_key
from chalicelib.web.functions.desk import BLUEPRINTS
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.teachers import Link
from chalicelib.wings.teaching.office.timetables import rebuild
from tests.support import teaching
from tests.support.desk_routes import PARTS
from tests.support.staff import TEACHER, member, read_member, stores
from tests.support.teaching import (
    BASILE,
    CELLO,
    DOOR,
    ENSEMBLE,
    LORIOT,
    MESANGE,
    ODETTE,
    OTHER,
    PINSON,
    SITE,
    VIOLIN,
    enter_as_teacher,
    lend,
    link,
    settle_pupil,
)
from tests.support.world import Visitor, World

OTHER_SITE: Final = "evry-magnard"
ROUTES: Final = sorted(
    (method, path)
    for blueprint in BLUEPRINTS
    for method, path in blueprint.doors
    if path.startswith(DOOR) and "{cours}" in path
)
OF_A_PUPIL: Final = [(method, path) for method, path in ROUTES if "{eleve}" in path]


def parts_of(course: Course, ref: AccountRef, pupil: Pupil) -> dict[str, str]:
    """Make the address parts of a course and a pupil."""
    return PARTS | {"cours": course_key(course), "famille": ref.identifier, "eleve": pupil_key(pupil)}


OWN: Final = parts_of(VIOLIN, MESANGE, BASILE)
ANOTHERS: Final = parts_of(CELLO, LORIOT, ODETTE)
NOT_OWN: Final = {
    "another's course": ANOTHERS,
    "a course that nobody gives": OWN | {"cours": PARTS["cours"]},
    "a course of another site": OWN | {"site": OTHER_SITE},
    "a course of an unknown site": OWN | {"site": "nulle-part"},
}
NOT_OWN_PUPIL: Final = {
    "another's pupil": ANOTHERS | {"cours": OWN["cours"]},
    "an own pupil in another course": parts_of(ENSEMBLE, MESANGE, BASILE),
    "a pupil that nobody knows": OWN | {"eleve": PARTS["eleve"]},
    "a family that nobody knows": OWN | {"famille": "xen99"},
    "a family's name that was made up": OWN | {"famille": "_x"},
}


def ask(visitor: Visitor, routes: Iterable[tuple[str, str]], parts: Mapping[str, str]) -> dict[str, str]:
    """Request each route with these parts, and return its status, or « door » for a redirect to the start page."""
    answers: dict[str, str] = {}
    for method, path in routes:
        address = re.sub(r"\{(\w+)\}", lambda name: parts[name[1]], path)
        answer = visitor.post(address) if method == "POST" else visitor.get(address)
        is_led = answer.headers.get("Location", "").partition("?")[0] == DOOR
        answers[f"{method} {path}"] = "door" if is_led else str(answer.status_code)
    return answers


def all_are(status: str, routes: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {f"{method} {path}": status for method, path in routes}


def test_the_own_courses_and_pupils_are_there(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)

    answers = ask(visitor, [route for route in ROUTES if route[0] == "GET"], OWN)

    assert len(answers) >= 3
    assert [route for route, status in answers.items() if status in {"404", "door"}] == []


def test_what_is_not_the_own_is_not_there(world: World, visitor: Visitor) -> None:
    member(world, TEACHER, sites=(SITE, OTHER_SITE))
    enter_as_teacher(world, visitor)
    visitor.get(f"{DOOR}/semaine")
    before = world.aws.everything(world.resources)

    for label, parts in NOT_OWN.items():
        assert ask(visitor, ROUTES, parts) == all_are("404", ROUTES), label
    for label, parts in NOT_OWN_PUPIL.items():
        assert ask(visitor, OF_A_PUPIL, parts) == all_are("404", OF_A_PUPIL), label

    assert world.aws.everything(world.resources) == before


def lend_other(world: World) -> None:
    """Lend today another course of the same teacher, so that their timetable is read."""
    duo = replace(CELLO, discipline="Duo de violoncelles")
    settle_pupil(world, LORIOT, replace(ODETTE, courses=(CELLO, duo)))
    rebuild(world.services, (SITE,), world.now + timedelta(minutes=1))
    lend(world, duo, TEACHER, date(2026, 11, 4), date(2026, 11, 4))


def lend_before(world: World) -> None:
    lend_other(world)
    lend(world, CELLO, TEACHER, date(2026, 10, 1), date(2026, 11, 3))


def lend_after(world: World) -> None:
    lend_other(world)
    lend(world, CELLO, TEACHER, date(2026, 11, 5), date(2026, 11, 30))


def take_link(world: World) -> None:
    link(world, OTHER)
    teaching.stores(world).teachers.revise_at(TEACHER, lambda teacher: teacher.without_link(Link(SITE, OTHER)))


def take_site(world: World) -> None:
    link(world, OTHER)
    stores(world).members.change(
        read_member(world, TEACHER), read_member(world, TEACHER).with_role("teacher", (OTHER_SITE,))
    )


def take_role(world: World) -> None:
    link(world, OTHER)
    stores(world).members.change(read_member(world, TEACHER), read_member(world, TEACHER).with_role("reader", (SITE,)))


def disable(world: World) -> None:
    link(world, OTHER)
    stores(world).members.change(
        read_member(world, TEACHER), read_member(world, TEACHER).with_disabled(is_disabled=True)
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lend_before, "404"),
        (lend_after, "404"),
        (take_link, "404"),
        (take_site, "404"),
        (take_role, "404"),
        (disable, "door"),
    ],
)
def test_what_is_the_own_no_more_or_not_yet_is_not_there(
    world: World, visitor: Visitor, change: Callable[[World], None], status: str
) -> None:
    enter_as_teacher(world, visitor)
    visitor.get(f"{DOOR}/semaine")
    change(world)
    visitor.get(f"{DOOR}/semaine")
    before = world.aws.everything(world.resources)

    assert ask(visitor, ROUTES, ANOTHERS) == all_are(status, ROUTES)

    assert world.aws.everything(world.resources) == before


def test_a_course_is_there_while_it_is_lent(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor, name=PINSON)
    lend(world, CELLO, TEACHER, date(2026, 11, 4), date(2026, 11, 4))

    answers = ask(visitor, [route for route in ROUTES if route[0] == "GET"], ANOTHERS)

    assert [route for route, status in answers.items() if status in {"404", "door"}] == []
