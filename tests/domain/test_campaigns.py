"""A campaign stops by itself when too much comes back; what became of a mail goes forward only, and counts once."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.domain.campaigns import (
    CANARY,
    UNCERTAIN_AT_MOST,
    Campaign,
    Counted,
    Notice,
    NoticeState,
    counted,
)
from tests.support.world import OPENING_MORNING

CAMPAIGN = Campaign("rentree-2026", OPENING_MORNING, "Mme Loriot")
CLAIMED = Notice("rentree-2026", "0123456789abcdef0123", "sending", OPENING_MORNING, (("evry-magnard", "mag1"),))
LATER = OPENING_MORNING + timedelta(hours=1)


@pytest.mark.parametrize(
    ("sent", "bounced", "stops"),
    [
        pytest.param(0, 0, False, id="nothing sent"),
        pytest.param(CANARY - 1, CANARY - 1, False, id="not judged before the canary has left"),
        pytest.param(CANARY, 1, False, id="one of fifty is 2 %, no more"),
        pytest.param(CANARY, 2, True, id="two of fifty"),
        pytest.param(5000, 100, False, id="2 % of many"),
        pytest.param(5000, 101, True, id="one more than 2 %"),
    ],
)
def test_over_two_percent_it_stops(sent: int, bounced: int, stops: bool) -> None:
    assert replace(CAMPAIGN, sent=sent, bounced=bounced).must_stop is stops


def test_printed_in_a_traceback_it_does_not_tell_who_began_it() -> None:
    assert "Loriot" not in repr(CAMPAIGN)


@pytest.mark.parametrize(("uncertain", "stops"), [(UNCERTAIN_AT_MOST, False), (UNCERTAIN_AT_MOST + 1, True)])
def test_it_stops_when_ses_no_longer_answers(uncertain: int, stops: bool) -> None:
    assert replace(CAMPAIGN, uncertain=uncertain).must_stop is stops


def told(*news: NoticeState) -> Notice:
    """Give a claimed notice after some news, in their order."""
    notice = CLAIMED
    for state in news:
        notice = notice.moved(state, LATER)
    return notice


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "bounced"])))
def test_in_whatever_order_news_come_a_mail_that_came_back_has_come_back(order: tuple[NoticeState, ...]) -> None:
    assert told(*order).state == "bounced"


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "complained", "delivered"])))
def test_a_reader_who_complains_is_not_forgotten_for_an_arrival(order: tuple[NoticeState, ...]) -> None:
    assert told(*order).state == "complained"


def test_the_same_news_again_changes_nothing() -> None:
    delivered = told("delivered")

    assert delivered.moved("delivered", LATER + timedelta(hours=1)) is delivered


def test_what_else_a_notice_says_stays_as_it_moves() -> None:
    assert told("sent") == replace(CLAIMED, state="sent", at=LATER)


def test_of_two_who_write_the_same_each_knows_its_own() -> None:
    one, other = CLAIMED.moved("sent", LATER), CLAIMED.moved("sent", LATER)

    assert one == other
    assert len({CLAIMED.writer, one.writer, other.writer}) == 3


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
def test_each_step_forward_counts_once(before: NoticeState, after: NoticeState, counts: tuple[Counted, ...]) -> None:
    assert counted(before, after) == counts
