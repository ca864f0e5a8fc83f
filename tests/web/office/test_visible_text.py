"""The words of the desk: no page shows a code, a command or the name of a machine."""

import re
from html import unescape

import pytest

from tests.support.desk_acts import TRIED, TriedAct
from tests.support.desk_routes import DOORS
from tests.support.households import settle_whole
from tests.support.pools import POOL
from tests.support.staff import DESK, MANAGER, enter
from tests.support.stored_applications import application_of, open_admission
from tests.support.template_files import template_files
from tests.support.world import Visitor, World

_PAGES = list({tried.settle: tried for tried in TRIED}.values())  # each world once
_LISTS = [path for (method, path), door in DOORS.items() if method == "GET" and door.right and "{" not in path]
_LISTS.remove(f"{DESK}/textes")  # what the network itself writes: its host is Amazon


def codes_shown(world: World, html: str) -> list[str]:
    """List the codes and words of machines in the visible text of a page."""
    text = unescape(re.sub(r"<[^>]*>", " ", html.partition("<main")[2].partition("</main>")[0]))
    sites = [site.code for site in world.services.settings.network.sites]
    unsaid = "|".join([*sites, POOL.ref.code, r"[a-z]+-20\d\d", r"Amazon\w*", "AWS", r"clef \w+ \w+", r"--\w+"])
    return re.findall(rf"(?<![\w-])(?:{unsaid})(?![\w-])", text)


def test_an_empty_list_says_its_rows() -> None:
    bare = re.compile(r">(?:Aucune?|Personne|Rien|Aucun \w+|Rien depuis un an|Aucun pour l'instant)\.<|\"Aucune?\.\"")
    pages = {file.name: bare.findall(file.read_text(encoding="utf-8")) for file in template_files("office/**/*.html")}

    assert {name: found for name, found in pages.items() if found} == {}


@pytest.mark.parametrize("act", _PAGES, ids=str)
def test_no_page_of_an_act_shows_a_code(world: World, visitor: Visitor, act: TriedAct) -> None:
    enter(world, visitor, act.by)
    page = act.settle(world, visitor)
    enter(world, visitor, act.by)

    assert codes_shown(world, visitor.get(page).text) == []


@pytest.mark.wing("admission")
def test_no_list_shows_a_code(world: World, visitor: Visitor) -> None:
    settle_whole(world)
    open_admission(world)
    application_of(world)
    world.services.admission.pools.change(None, POOL)
    enter(world, visitor, MANAGER)

    pages = {path: visitor.get(path).text for path in [*_LISTS, f"{DESK}/familles/evry-xenakis/xen1?fil=tout"]}

    assert {path: codes for path, page in pages.items() if (codes := codes_shown(world, page))} == {}
