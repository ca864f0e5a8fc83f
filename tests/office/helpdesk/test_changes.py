"""Changes of families' coordinates, as the office lists them: which site, since when, by whom."""

from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.corrections import Actor, Correction, Side
from chalicelib.office.helpdesk.changes import ChangesQuery, changes
from chalicelib.office.refusals import OfficeRefusal
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mer7")
DAY = timedelta(days=1)


def correction(payer: str, side: Side = "family", at: datetime = OPENING_MORNING) -> Correction:
    return Correction("payer", (), (payer,), Actor(side, "Aimée"), at, payer)


def new_values(world: World, **asked: object) -> list[str]:
    found = changes(world.services, ChangesQuery(**asked), lambda: None)  # type: ignore[arg-type]  # each its own type
    return ["".join(change.correction.new) for change in found]


@pytest.fixture
def families(world: World) -> World:
    world.settle(ROSSIGNOL, corrections=(correction("B", at=OPENING_MORNING - DAY), correction("D", "office")))
    early = OPENING_MORNING - 2 * DAY
    world.settle(MERLE, name="Famille Merle", corrections=(correction("A", "file", early), correction("C")))
    return world


def test_all_changes_of_all_sites_are_listed_oldest_first(families: World) -> None:
    assert new_values(families) == ["A", "B", "C", "D"]


def test_a_change_says_whose_it_is(families: World) -> None:
    first = changes(families.services, ChangesQuery(), lambda: None)[0]

    assert (first.ref, first.name) == (MERLE, "Famille Merle")


def test_one_site_one_hand_or_the_last_days_only(families: World) -> None:
    assert new_values(families, site="evry-magnard") == ["A", "C"]
    assert new_values(families, by="office") == ["D"]
    assert new_values(families, since=date(2026, 8, 31)) == new_values(families)[1:]


def test_a_day_begins_at_midnight_in_paris(world: World) -> None:
    midnight = datetime.fromisoformat("2026-09-01T00:00:00+02:00")
    world.settle(corrections=(correction("A", at=midnight - timedelta(seconds=1)), correction("B", at=midnight)))

    assert new_values(world, since=date(2026, 9, 1)) == ["B"]


def test_a_site_that_is_unknown_is_told(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="site_unknown"):
        new_values(world, site="nowhere")
