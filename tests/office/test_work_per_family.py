"""The cost of one more family to a search and « Aujourd'hui », in calls of functions: no clock, so no noise."""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.office.find import find_at
from chalicelib.office.today import today_at
from tests.support.enrolled_families import LEAVES, keep, new_enrolment, open_period, send_pupils
from tests.support.world import ROSSIGNOL, World

SITE = ROSSIGNOL.site
FAMILIES = 20
AT_MOST = {"a close name": 20, "a number": 11, "today": 17}  # of our modules and of the JSON decoder


@pytest.mark.parametrize("act", AT_MOST)
def test_a_family_more_costs_few_calls_of_functions_and_none_of_dynamodb(world: World, act: str) -> None:
    services = world.services
    sites = [site for site in services.settings.network.sites if site.code == SITE]
    acts: dict[str, Callable[[], Any]] = {
        "a close name": lambda: find_at(services, "Fransoise", [SITE], world.now),
        "a number": lambda: find_at(services, "01 99 00 12", [SITE], world.now),
        "today": lambda: today_at(services, sites, world.now),
    }
    open_period(world)
    settle(world, 0)
    acts[act]()
    calls, aws_calls = count(world, acts[act])
    settle(world, FAMILIES)

    more_calls, more_aws_calls = count(world, acts[act])

    assert more_aws_calls == aws_calls
    assert 0 < (more_calls - calls) / FAMILIES <= AT_MOST[act]


def settle(world: World, first: int) -> None:
    """Store families of two pupils, whose answers are sent."""
    for number in range(first, first + FAMILIES):
        ref = AccountRef(SITE, f"xen{number}")
        pupils = tuple(Pupil(f"{name} Merle-{number}", date(2015, 3, 14)) for name in ("Noé", "Léa"))
        household = Household((Guardian(f"Zoé Merle {number}", telephone="01 99 00 99 99"),), pupils=pupils)
        world.settle(ref, name=f"Famille Merle {number}", household=household, password=None)
        answers = [(key, pupil.name, LEAVES) for key, pupil in household.pupils_by_key.items()]
        keep(world, send_pupils(new_enrolment(ref, answers), f"R27-{number:08}"))


def count(world: World, act: Callable[[], object]) -> tuple[int, list[str]]:
    """Count the calls of our functions, and list the calls of AWS."""
    calls = 0

    def note(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        name = frame.f_code.co_filename
        calls += event == "call" and ("/chalicelib/" in name or "/json/decoder" in name)

    world.aws.calls.clear()
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls, list(world.aws.calls)
