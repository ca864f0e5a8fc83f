"""Lists by site: a member filters them by the own sites, and the filters stay in the form."""

import pytest

from tests.support.campaigns import announce
from tests.support.desk_routes import DOORS
from tests.support.staff import MANAGER, SECRETARY, enter
from tests.support.world import Visitor, World

LISTS = sorted(
    path
    for (method, path), door in DOORS.items()
    if method == "GET" and "site" in (door.filters or ()) and "{" not in path
)
SITES = ("evry-xenakis", "evry-magnard")


@pytest.fixture(autouse=True)
def _season(world: World) -> None:
    announce(world)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_filtered_by_one_of_one_s_own_sites(world: World, visitor: Visitor, path: str) -> None:
    enter(world, visitor, SECRETARY, sites=SITES)

    for site in SITES:
        page = visitor.get(f"{path}?site={site}")
        assert page.status_code == 200
        assert f'<option value="{site}" selected>' in page.text
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_another_site_is_as_if_it_were_not_there(world: World, visitor: Visitor, path: str) -> None:
    enter(world, visitor, SECRETARY, sites=SITES[:1])
    assert visitor.get(f"{path}?site={SITES[1]}").status_code == 404

    enter(world, visitor, MANAGER)
    assert visitor.get(f"{path}?site={SITES[1]}").status_code == 200
    assert visitor.get(f"{path}?site=*").status_code == 404
