"""`clef families purge`: counted first, then erased once the count is typed."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from agency.console.exit_codes import ExitCode
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Erasure
from chalicelib.stores.audit_trail import AuditTrail
from tests.support.clef import Clef
from tests.support.world import World

DAY = timedelta(days=1)


def settle_gone(world: World, count: int) -> None:
    for number in range(count):
        ref = AccountRef("evry-magnard", f"nid{number}")
        world.settle(ref, name=f"Famille Nid {number}", emails=(), password=None, gone_at=world.now - 900 * DAY)


def test_a_purge_counts_first_and_erases_nobody(clef: Clef, world: World) -> None:
    settle_gone(world, 3)

    result = clef("families purge --before 2025-09-01")

    assert result.code == ExitCode.DONE
    assert re.search("Evry - Magnard +3", result.out)
    assert re.search("Evry - Xénakis +0", result.out)
    assert "Famille Nid" not in result.out
    assert "ajoutez --apply" in result.out
    assert len(list(world.services.accounts.all())) == 3


def test_a_purge_names_the_families_where_it_is_asked(clef: Clef, world: World) -> None:
    settle_gone(world, 1)

    assert re.search("nid0 +Famille Nid 0 +evry-magnard", clef("families purge --before 01/09/2025 --list").out)
    items = clef("families purge --before 2025-09-01 --list --json").json
    assert (items["due"], items["erased"]) == ({"evry-magnard": 1}, None)
    assert [family["identifier"] for family in items["families"]] == ["nid0"]


@pytest.mark.parametrize(("answers", "count"), [("3\n", 0), ("2\n", 3), ("", 3)])
def test_a_purge_goes_once_the_count_is_typed(clef: Clef, world: World, answers: str, count: int) -> None:
    settle_gone(world, 3)

    result = clef("families purge --before 2025-09-01 --apply", answers)

    assert len(list(world.services.accounts.all())) == count
    assert result.code == (ExitCode.FAILED if count else ExitCode.DONE)


def test_a_purge_in_advance_agreed_to_is_told_as_json(clef: Clef, world: World) -> None:
    settle_gone(world, 3)

    result = clef("families purge --before 2025-09-01 --apply --yes --json")

    assert result.json == {"asked": {"evry-magnard": 3}, "erased": {"evry-magnard": 3}}


def test_a_purge_with_nobody_due_asks_nothing(clef: Clef, world: World) -> None:
    world.settle()

    result = clef("families purge --before 2025-09-01 --apply")

    assert result.code == ExitCode.DONE
    assert "Aucune famille à effacer." in result.out


def test_a_day_to_come_is_refused(clef: Clef, world: World) -> None:
    settle_gone(world, 1)

    assert clef("families purge --before 2026-09-02").code == ExitCode.FAILED


def test_a_family_that_comes_back_meanwhile_is_left_and_told(clef: Clef, world: World) -> None:
    settle_gone(world, 3)

    class Interrupted(AuditTrail):
        """Notes an erasure while an import finds a family again."""

        def add_erasure(self, erasure: Erasure) -> None:
            super().add_erasure(erasure)
            back = world.services.accounts.find(AccountRef("evry-magnard", "nid1"))
            if back:
                world.services.accounts.change(back, replace(back, gone_at=None))

    world.services = replace(world.services, audit_trail=Interrupted(world.database, world.resources.office_table))

    result = clef("families purge --before 2025-09-01 --apply --yes")

    assert "2 familles effacées de toutes les tables." in result.out
    assert "Laissées, car revenues ou connectées entre-temps : 1." in result.out
    assert [account.ref.identifier for account in world.services.accounts.all()] == ["nid1"]
