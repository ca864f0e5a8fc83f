"""Lists by site: a member filters them by the own sites, and the filters stay in the form."""

import re

import pytest

from tests.support.campaigns import announce
from tests.support.desk_routes import DOORS
from tests.support.enrolled_families import open_for_rossignol
from tests.support.forms import forms_of
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, enter
from tests.support.stored_applications import application_of
from tests.support.world import Visitor, World

LISTS = sorted(
    path
    for (method, path), door in DOORS.items()
    if method == "GET" and "site" in (door.filters or ()) and "{" not in path and not path.endswith("/csv")
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


COLUMNS = {
    "reinscriptions": {"niveau": "Niveau", "enseignant": "Enseignant", "pieces": "À fournir", "avis": "Avis"},
    "demandes": {"niveau": "Niveau", "rang": "Rang", "pieces": "À fournir"},
}


def headings(visitor: Visitor, name: str) -> list[str]:
    """List the headings of a list."""
    page = visitor.get(f"{DESK}/{name}?site=evry-xenakis").text
    return re.findall(
        r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)', page.partition("<thead>")[2].partition("</thead>")[0]
    )


def show_columns(visitor: Visitor, name: str, *columns: str) -> None:
    """Tick these columns of a list, and no other."""
    page = visitor.get(f"{DESK}/{name}?site=evry-xenakis").text
    form = next(form for form in forms_of(page) if form.path.endswith("/colonnes"))
    fields = {name: value for name, value in form.fields.items() if not name.startswith("colonne-")}
    ticks = {f"colonne-{number}": column for number, column in enumerate(columns, 1)}
    assert visitor.post(form.path, fields | ticks).status_code == 303


@pytest.mark.wing("admission", "teaching")
def test_each_member_chooses_the_columns_of_each_list_and_keeps_them(world: World, visitor: Visitor) -> None:
    open_for_rossignol(world, days=1, is_all_sent=True)
    application_of(world)
    faults: list[tuple[object, ...]] = []
    for name, columns in COLUMNS.items():
        more = {*columns.values(), "Téléphone"}
        for email, expected in ((SECRETARY, more), (READER, more - {"Téléphone"})):
            enter(world, visitor, email)
            usual = headings(visitor, name)
            show_columns(visitor, name, *columns, "telephone")
            every_heading = headings(visitor, name)
            show_columns(visitor, name)
            fewest = {*headings(visitor, name)}
            if {*every_heading} & more != expected or fewest & more or len({*usual} & more) > 1:
                faults.append((name, email, usual, every_heading, fewest))
        enter(world, visitor, MANAGER)
        faults += [] if {*headings(visitor, name)} & more == {*usual} & more else [(name, MANAGER)]

    assert faults == []
