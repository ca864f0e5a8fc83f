"""Find a receipt: however its number is spelt, this year and the next, for its own family only."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.family.reenrolment import enter
from chalicelib.flows.family.summary import find
from tests.support.enrolment import HOUSEHOLD, open_season
from tests.support.households import open_session
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import World


@pytest.fixture
def token(world: World) -> Token:
    made = open_session(world, open_season(world))
    send_enrolment(world)
    return made


def seek(world: World, token: Token, number: str = NUMBER) -> list[str]:
    shown = find(world.services, enter(world.services, token, world.client, world.now), number)
    return [shown.receipt.number, *(each.name for each in shown.files)]


def test_it_is_found_by_its_number_however_it_is_spelt_with_its_pupils_in_their_order(
    world: World, token: Token
) -> None:
    for typed in (NUMBER, "r27-k4tn-8wcb", "R27K4TN8WCB", "r27_k4tn_8wcb"):
        assert seek(world, token, typed) == [NUMBER, *(each.name for each in HOUSEHOLD.pupils)]
    for typed in ("R27-AAAA-BBBB", "R26-K4TN-8WCB", "R27", "foyer"):
        with pytest.raises(NotThere):
            seek(world, token, typed)


@pytest.mark.parametrize("now", [datetime(2027, 12, 1, tzinfo=UTC), datetime(2028, 5, 3, tzinfo=UTC)])
def test_it_is_found_again_next_year(world: World, token: Token, now: datetime) -> None:
    assert token
    world.now = now
    if now.year == 2028:
        period = EnrolmentPeriod(date(2028, 6, 1), date(2028, 6, 15))
        world.services.periods.write(world.services.periods.read(), Periods(period))

    assert seek(world, open_session(world, world.account()))[0] == NUMBER


@pytest.mark.parametrize("ref", [AccountRef("evry-xenakis", "xen2"), AccountRef("evry-magnard", "xen1")])
def test_it_is_never_another_family_s(world: World, token: Token, ref: AccountRef) -> None:
    assert seek(world, token)
    other = world.settle(ref, household=HOUSEHOLD)

    with pytest.raises(NotThere):
        seek(world, open_session(world, replace(other, name="Famille Merle")))
