"""Every route of the desk that is not for a role, or for another site, answers as if it did not exist."""

import re

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.domain.staff.members import ROLES, Right, Role, allows
from tests.support.desk_routes import DOORS, GET, PARTS, POST
from tests.support.staff import MANAGER, enter
from tests.support.world import Visitor, World

EMAIL = "merle@example.org"
FOREIGN = "ris-orangis-messiaen"
ROUTES: list[tuple[str, str, Right | None]] = sorted(
    (method, path, door.right) for (method, path), door in DOORS.items()
)
BEHIND_THE_DOOR = [(method, path, right) for method, path, right in ROUTES if right]


@pytest.mark.wing
def test_every_route_is_listed_with_its_right() -> None:
    rights = {("GET", path): right for path, right in GET.items()} | {
        ("POST", path): right for path, right in POST.items()
    }

    assert {(method, path): right for method, path, right in ROUTES} == rights


def ask(visitor: Visitor, method: str, path: str) -> TestResponse:
    return visitor.post(path) if method == "POST" else visitor.get(path)


def address(path: str, site: str = PARTS["site"]) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: site if name[1] == "site" else PARTS[name[1]], path)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_finds_nothing_where_it_has_no_right(world: World, visitor: Visitor, role: Role) -> None:
    if role == "manager":
        enter(world, visitor, MANAGER)
    else:
        enter(world, visitor, EMAIL, role=role)
    before = world.aws.everything(world.resources)

    doors = [(method, path) for method, path, right in BEHIND_THE_DOOR if right and not allows(role, right)]

    assert {(method, path): ask(visitor, method, address(path)).status_code for method, path in doors} == dict.fromkeys(
        doors, 404
    )
    assert world.aws.everything(world.resources) == before


@pytest.mark.parametrize("role", ["reader", "secretary"])
def test_nothing_of_another_site_is_found(world: World, visitor: Visitor, role: Role) -> None:
    enter(world, visitor, EMAIL, role=role)
    for number, sites in enumerate(({}, {"sites": [FOREIGN]}, {"sites": [PARTS["site"], FOREIGN]})):
        job = DeskJob.ask("families", MANAGER, world.now, {"etag": "e"} | sites, id=f"{number:020}")
        world.services.staff.jobs.create(job)
    before = world.aws.everything(world.resources)

    jobs = [(method, path) for method, path, _ in BEHIND_THE_DOOR if "{travail}" in path]
    for number in range(3):
        statuses = {ask(visitor, method, path.format(travail=f"{number:020}")).status_code for method, path in jobs}
        assert statuses == {404}, number
    with_a_site = [(method, path) for method, path, _ in BEHIND_THE_DOOR if "{site}" in path]

    answers = {(method, path): ask(visitor, method, address(path, FOREIGN)) for method, path in with_a_site}
    assert {route: answer.status_code for route, answer in answers.items()} == dict.fromkeys(with_a_site, 404)
    assert world.aws.everything(world.resources) == before
