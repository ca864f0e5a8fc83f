"""A campaign stops by itself after too many bounces. A delivery event counts once."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.notices import NoticeState
from chalicelib.wings.campaign.domain.campaigns import (
    CANARY,
    UNCERTAIN_AT_MOST,
    Campaign,
    CampaignCounter,
    counters_for,
)
from tests.support.world import OPENING_MORNING

CAMPAIGN = Campaign("rentree-2026", OPENING_MORNING, "Mme Loriot")


@pytest.mark.parametrize(
    ("total", "bounces", "stops"),
    [
        pytest.param(0, 0, False, id="nothing sent"),
        pytest.param(CANARY - 1, CANARY - 1, False, id="not judged before the canary has left"),
        pytest.param(CANARY, 1, False, id="one of fifty is 2 %, no more"),
        pytest.param(CANARY, 2, True, id="two of fifty"),
        pytest.param(5000, 100, False, id="2 % of many"),
        pytest.param(5000, 101, True, id="one more than 2 %"),
    ],
)
def test_over_two_percent_it_stops(total: int, bounces: int, stops: bool) -> None:
    assert replace(CAMPAIGN, sent=total, bounced=bounces).must_stop is stops


def test_printed_in_a_traceback_it_does_not_tell_who_began_it() -> None:
    assert "Loriot" not in repr(CAMPAIGN)


@pytest.mark.parametrize(("uncertain", "stops"), [(UNCERTAIN_AT_MOST, False), (UNCERTAIN_AT_MOST + 1, True)])
def test_it_stops_when_ses_no_longer_answers(uncertain: int, stops: bool) -> None:
    assert replace(CAMPAIGN, uncertain=uncertain).must_stop is stops


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ("sending", "sent", ("sent",)),
        ("sending", "delivered", ("sent", "delivered")),
        ("sending", "bounced", ("sent", "bounced")),
        ("sent", "delivered", ("delivered",)),
        ("sent", "complained", ("bounced",)),
        ("delivered", "bounced", ("bounced",)),
        ("delivered", "delivered", ()),
        ("bounced", "bounced", ()),
    ],
)
def test_each_step_on_counts_once(before: NoticeState, after: NoticeState, counts: tuple[CampaignCounter, ...]) -> None:
    assert counters_for(before, after) == counts
