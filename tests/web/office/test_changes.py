"""« Coordonnées changées »: the changes of all families, which a secretary copies into the school's software."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.corrections import Actor, Correction, Side
from tests.support.staff import DESK, READER, enter
from tests.support.world import OPENING_MORNING, ROSSIGNOL, Visitor, World

CHANGES = f"{DESK}/changements"
MERLE = AccountRef("ris-orangis-messiaen", "mer7")


def correction(payer: str, side: Side, days: int) -> Correction:
    return Correction("payer", ("Avant",), (payer,), Actor(side, "Aimée"), OPENING_MORNING - timedelta(days), payer)


@pytest.fixture(autouse=True)
def _families(world: World) -> None:
    world.settle(corrections=(correction("Mme Pie", "family", 3), correction("M. Geai", "office", 20)))
    world.settle(MERLE, name="Famille Merle", corrections=(correction("Mme Foulque", "family", 1),))


def rows(visitor: Visitor, query: str = "") -> list[str]:
    page = visitor.get(f"{CHANGES}{query}").text
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]]


def test_each_change_says_when_whose_and_by_whom_newest_first(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    first, second = rows(visitor)

    assert first.startswith("29 août 2026 à 9 h 00 Evry - Xénakis Famille Rossignol")
    assert first.endswith("payeur Avant Mme Pie la famille (Aimée)")
    assert second.endswith("payeur Avant M. Geai l'administration (Aimée)")
    assert f'<a href="{DESK}/familles/evry-xenakis/xen1?ligne=1%2F2%2F' in visitor.get(CHANGES).text


def test_one_side_or_a_week_or_all_that_is_kept(world: World, visitor: Visitor) -> None:
    assert world.services.accounts.find(ROSSIGNOL)
    enter(world, visitor)

    assert ["Mme Pie" in row for row in rows(visitor, "?par=familles")] == [True]
    assert ["Mme Pie" in row for row in rows(visitor, "?depuis=semaine")] == [True]
    world.wait(timedelta(days=60))
    enter(world, visitor)
    assert rows(visitor) == []
    assert len(rows(visitor, "?depuis=tout")) == 2


def test_nothing_of_another_site_and_nothing_for_who_only_reads(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    assert "Foulque" not in visitor.get(CHANGES).text
    assert visitor.get(f"{CHANGES}?site={MERLE.site}").status_code == 404
    enter(world, visitor, READER)
    assert visitor.get(CHANGES).status_code == 404
