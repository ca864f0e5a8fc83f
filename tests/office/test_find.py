"""Find a family by any of its data given on the telephone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.office.find import AT_MOST, find_at
from chalicelib.office.refusals import OfficeRefusal
from tests.support.world import ROSSIGNOL, World

MERLE = AccountRef("evry-magnard", "mag2001")
SITES = (ROSSIGNOL.site, MERLE.site)


def names(world: World, text: str, sites: Sequence[str] = SITES) -> list[str]:
    return [account.name for account in find_at(world.services, text, sites, world.now).accounts]


@pytest.fixture(autouse=True)
def _families(world: World) -> None:
    world.settle(
        ROSSIGNOL,
        name="Mme D'Églantine-Noël",
        emails=("eglantine@example.org",),
        display_identifier="XEN 1",
        household=Household(
            guardians=(Guardian("Anaïs D'Églantine", "anais.noel@example.fr"),),
            address=("12 bis rue de l'Œillet", "91000 Evry"),
            pupils=(Pupil("Zoé Noël", date(2015, 3, 14), (Course("hautbois"),)),),
        ),
    )
    world.settle(MERLE, name="Famille Merle", emails=("merle@example.org",))


NOT_SEARCHED = ["hautbois", "2015"]
NOT_THERE = ["eglantine merle", "xen2", "evry-xenakis"]


def test_what_is_not_searched_or_not_there_finds_nobody(world: World) -> None:
    assert {text: found for text in (*NOT_SEARCHED, *NOT_THERE) if (found := names(world, text))} == {}


@pytest.mark.parametrize("text", ["", "  ", "@ - '"])
def test_a_text_without_a_letter_is_refused(world: World, text: str) -> None:
    with pytest.raises(OfficeRefusal, match="find_nothing_typed"):
        find_at(world.services, text, SITES, world.now)


@pytest.mark.parametrize(("count", "more"), [(AT_MOST, False), (AT_MOST + 1, True)])
def test_at_most_fifty_are_shown_and_it_says_when_there_are_more(world: World, count: int, more: bool) -> None:
    world.settle()
    template = world.account()
    accounts = [
        replace(template, ref=AccountRef("evry-magnard", f"nid{number}"), name=f"Nid {number}")
        for number in range(count)
    ]
    for start in range(0, count, 25):
        world.database.write_together(*map(world.services.accounts.put, accounts[start : start + 25]))

    search_result = find_at(world.services, "nid", SITES, world.now)

    assert len(search_result.accounts) == AT_MOST
    assert search_result.more is more
