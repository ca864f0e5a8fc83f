"""GET /extranet/bureau/saison: the announced period, as each role sees it."""

import re

import pytest

from chalicelib.domain.account.notices import Notice
from tests.support import campaigns
from tests.support.campaigns import announce
from tests.support.staff import DESK, MANAGER, READER, enter
from tests.support.world import Visitor, World

FUNNEL = f"{DESK}/saison/avancement"
XENAKIS, MAGNARD = "evry-xenakis", "evry-magnard"


@pytest.fixture
def season(world: World) -> World:
    """Store three families of one site, two of them notified, and one of another."""
    campaigns.announce(world)
    campaigns.begin(world)
    accounts = campaigns.settle(world, 3)[:2]
    campaigns.settle(world, 1, MAGNARD)
    for account in accounts:
        notice = Notice(campaigns.SEASON, "a mailbox", "delivered", world.now)
        world.services.accounts.change(account, account.with_notice(notice))
    return world


def rows(page: str) -> dict[str, list[str]]:
    """Read the first table: the numbers of each site."""
    (table,) = re.findall(r'aria-labelledby="atteint">.*?</table>', page, re.DOTALL)
    cells_by_site = re.findall(r'<th scope="row">([^<]*)</th>((?:<td class="num">\d+</td>)+)', table)
    return {name: re.findall(r">(\d+)<", cells) for name, cells in cells_by_site}


@pytest.mark.wing("campaign")
def test_a_manager_reads_every_site_and_their_sum(season: World, visitor: Visitor) -> None:
    enter(season, visitor, MANAGER)

    page = visitor.get(FUNNEL).text

    assert rows(page)["Evry - Xénakis"][:3] == ["3", "2", "2"]
    assert rows(page)["Total"][:4] == ["4", "2", "2", "0"]


@pytest.mark.wing("campaign")
def test_the_picture_says_in_words_what_it_shows(season: World, visitor: Visitor) -> None:
    enter(season, visitor, MANAGER)

    page = visitor.get(FUNNEL).text

    assert 'role="img" aria-labelledby="funnel-title"' in page
    assert "Prévenues : 2 (50 %)" in page
    assert re.search(r"<title [^>]*>[^<]*prévenues, 2;", page)
    assert 'class="done" x="0" y="74" width="50.00%"' in page
    assert "style=" not in page


@pytest.mark.wing("campaign")
def test_a_reader_reads_its_own_sites_only(season: World, visitor: Visitor) -> None:
    enter(season, visitor, READER)

    page = visitor.get(FUNNEL).text

    assert list(rows(page)) == ["Evry - Xénakis"]
    assert "Magnard" not in page
    assert visitor.get(f"{FUNNEL}?site={MAGNARD}").status_code == 404


@pytest.mark.wing("campaign")
@pytest.mark.usefixtures("world")
def test_without_families_there_is_no_picture(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)

    page = visitor.get(FUNNEL)

    assert (page.status_code, "<svg class" in page.text, "Aucune campagne n'a commencé" in page.text) == (
        200,
        False,
        True,
    )


SEASON = f"{DESK}/saison"


def test_a_reader_sees_the_periods_of_its_sites_as_families_read_them(world: World, visitor: Visitor) -> None:
    announce(world)
    enter(world, visitor, READER)

    page = visitor.get(SEASON)

    assert page.status_code == 200
    assert "10 septembre 2026" in page.text
    assert "La période de réinscription 2026-2027 ouvre" in page.text or "ouvrira" in page.text
    assert "Ris-Orangis" not in page.text


@pytest.mark.wing("admission")
def test_only_a_manager_is_led_to_the_form(world: World, visitor: Visitor) -> None:
    links = {}
    for email in (READER, MANAGER):
        enter(world, visitor, email)
        links[email] = f"{SEASON}/periode?quoi=demandes" in visitor.get(SEASON).text

    assert links == {READER: False, MANAGER: True}
