"""The office's list of changed coordinates: by sites, since a moment, by side."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.corrections import Actor, Correction, Side
from chalicelib.office.helpdesk.changes import changes
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mer7")
SITES = (ROSSIGNOL.site, MERLE.site)
DAY = timedelta(days=1)


def correction(payer: str, side: Side = "family", at: datetime = OPENING_MORNING) -> Correction:
    return Correction("payer", (), (payer,), Actor(side, "Aimée"), at, payer)


@pytest.fixture
def families(world: World) -> World:
    world.settle(corrections=(correction("B", at=OPENING_MORNING - DAY), correction("D", "office")))
    early = OPENING_MORNING - 2 * DAY
    world.settle(MERLE, name="Famille Merle", corrections=(correction("A", "file", early), correction("C", at=early)))
    return world


def payers(
    world: World, sites: tuple[str, ...] = SITES, since: datetime | None = None, by: Side | None = None
) -> list[str]:
    return [change.correction.new[0] for change in changes(world.services, sites, since, by)]


def test_changes_are_listed_newest_first_of_some_sites_one_side_or_since_a_moment(families: World) -> None:
    assert payers(families)[:2] == ["D", "B"]
    assert set(payers(families)) == set("ABCD")
    assert payers(families, sites=(MERLE.site,)) == ["A", "C"]
    assert payers(families, by="office") == ["D"]
    assert payers(families, since=OPENING_MORNING - DAY) == ["D", "B"]


def test_a_change_names_its_family(families: World) -> None:
    (first, *_) = changes(families.services, SITES, None, "file")

    assert (first.ref, first.name) == (MERLE, "Famille Merle")
