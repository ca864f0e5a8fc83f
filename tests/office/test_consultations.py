"""Who of the staff looks at a file: noted before it is shown, without flooding, and forgotten in a year."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.consultations import KEPT_FOR, ConsultationKind
from chalicelib.office.account import pseudonym
from chalicelib.office.consultations import consultations_of, note_consultation, trail_deletions
from tests.support.world import ROSSIGNOL, World

MINUTE = timedelta(minutes=1)
BASILE = "Basile Troglodyte <troglodyte@example.org>"
ODILE = "Odile Fauvette <fauvette@example.org>"


def look(world: World, who: str = BASILE, kind: ConsultationKind = "family_read", ref: AccountRef = ROSSIGNOL) -> None:
    note_consultation(world.services, ref, kind, who, world.now)


def seen(world: World) -> list[tuple[str, str, int]]:
    found = consultations_of(world.services, ROSSIGNOL, world.now)
    return [(consultation.who, consultation.kind, consultation.times) for consultation in found]


def test_what_one_person_opens_within_half_an_hour_is_told_once_with_its_first_and_last_time(world: World) -> None:
    began = world.now
    for _ in range(3):
        look(world)
        world.wait(5 * MINUTE)

    (found,) = consultations_of(world.services, ROSSIGNOL, world.now)

    assert (found.at, found.last_at, found.times) == (began, began + 10 * MINUTE, 3)


def test_each_person_each_kind_and_each_half_hour_has_its_own_in_their_order(world: World) -> None:
    look(world)
    look(world, ODILE, "bills_read")
    world.wait(30 * MINUTE)
    look(world)

    found = seen(world)

    assert sorted(found[:2]) == [(BASILE, "family_read", 1), (ODILE, "bills_read", 1)]
    assert found[2:] == [(BASILE, "family_read", 1)]


def test_another_family_has_its_own(world: World) -> None:
    look(world, ref=AccountRef("evry-xenakis", "xen2"))
    look(world, ref=AccountRef("evry-magnard", "xen1"))

    assert seen(world) == []


def test_it_is_forgotten_after_a_year_though_the_table_may_still_hold_it(world: World) -> None:
    look(world)
    world.wait(KEPT_FOR - MINUTE)
    assert len(seen(world)) == 1

    world.wait(MINUTE)

    assert seen(world) == []


def test_no_trace_is_left_of_who_looked_at_an_account_that_is_erased(world: World) -> None:
    for number in range(30):
        look(world, f"Personne {number} <personne@example.org>")

    world.database.write_all(trail_deletions(world.services, ROSSIGNOL))

    assert pseudonym(world.services, ROSSIGNOL) not in world.aws.everything(world.resources)


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_cannot_be_noted_is_unavailable(world: World, when: Any) -> None:
    with world.aws.failing("UpdateItem", when), pytest.raises(Unavailable):
        look(world)
