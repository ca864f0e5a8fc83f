"""A merge of two accounts is begun by one act alone, and refused wherever it is not simple."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.database import Delete
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.jobs.merge import begin_merge, find_merger
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from tests.support.aliases import change_identifier
from tests.support.households import HOUSEHOLD, change_account
from tests.support.mergers import BY, STAYS, STOPS, begin, settle_two
from tests.support.refusals import sentence_of
from tests.support.staff import in_parallel
from tests.support.two_logins import settle_two_logins
from tests.support.world import World


def test_of_two_merges_at_once_one_is_refused(world: World) -> None:
    """A real race of both directions, each with its own connection."""
    settle_two(world)
    fresh = world.aws.keep(world.resources)
    for _ in range(4):
        fresh()

        def act(index: int) -> DeskJob:
            pair = (STAYS, STOPS) if index else (STOPS, STAYS)
            rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
            services = OfficeServices.over(replace(rebuilt, periods=world.services.periods))
            return begin(world, *pair, services)

        outcomes = in_parallel(2, act)

        assert sorted(type(one).__name__ for one in outcomes) == ["DeskJob", "OfficeRefusal"]
        marks = [(one.merging_into, one.merging_from) for one in (world.account(STAYS), world.account(STOPS))]
        assert marks in ([("", "xen1"), ("nid9", "")], [("xen1", ""), ("", "nid9")])


def change_stays(world: World, **changes: Any) -> None:
    """Change the account that would stay, as another act would."""
    account = world.account(STAYS)
    world.database.write_together(world.services.accounts.put(replace(account, **changes)))


def settle_alias(world: World) -> None:
    world.database.write_together(Delete(world.resources.accounts_table, world.services.accounts.key(STOPS)))
    change_identifier(world, "XEN1", STAYS)


def corrected() -> Pupil:
    """Make the pupil of the other account, whose name was mistaken here before a correction."""
    return replace(HOUSEHOLD.pupils[0], key="12345678")


def import_at_work(world: World) -> DeskJob:
    return DeskJob.ask("families", "Mme Houx", world.now)


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("merge_same", settle_alias),
        ("merge_disabled", lambda world: change_stays(world, disabled=True)),
        ("merge_separated", lambda world: change_stays(world, separated_at=world.now)),
        ("merge_logins", settle_two_logins),
        ("merge_at_work", lambda world: change_stays(world, merging_from="abc1")),
        ("merge_pupil_twice", lambda world: change_stays(world, household=Household(pupils=(corrected(),)))),
        ("merge_import", lambda world: world.services.staff.jobs.create(import_at_work(world))),
    ],
)
def test_what_is_not_simple_is_refused_with_what_to_do(
    world: World, code: str, spoil: Callable[[World], object]
) -> None:
    settle_two(world)
    spoil(world)

    with pytest.raises(OfficeRefusal, match=code) as refusal:
        begin(world)

    assert any(word in sentence_of(refusal.value) for word in ("donnez", "attendez", "réactivez", "gardez", "corrigez"))
    assert not world.account(STOPS).is_merging


def test_a_look_of_another_state_is_refused(world: World) -> None:
    settle_two(world)
    case, version = HelpdeskCase("nid9", STAYS.site, BY), find_merger(world.services, STAYS, "XEN 1").version
    change_account(world, emails=("rossignol@example.org", "inconnue@example.org"))

    with pytest.raises(OfficeRefusal, match="merge_moved"):
        begin_merge(world.services, case, "XEN 1", version, world.now)
