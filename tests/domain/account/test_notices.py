"""The delivery state of a mail only moves forward."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.domain.account.notices import Notice, NoticeState
from tests.support.world import OPENING_MORNING

CLAIMED = Notice("rentree-2026", "0123456789abcdef0123", "sending", OPENING_MORNING, (("evry-magnard", "mag1"),))
LATER = OPENING_MORNING + timedelta(hours=1)


def apply_news(*news: NoticeState) -> Notice:
    """Apply delivery events in order to a claimed notice."""
    notice = CLAIMED
    for state in news:
        notice = notice.advance(state, LATER)
    return notice


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "bounced"])))
def test_in_whatever_order_news_come_a_mail_that_came_back_has_come_back(order: tuple[NoticeState, ...]) -> None:
    assert apply_news(*order).state == "bounced"


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "complained", "delivered"])))
def test_a_reader_who_complains_is_not_forgotten_for_an_arrival(order: tuple[NoticeState, ...]) -> None:
    assert apply_news(*order).state == "complained"


def test_the_same_news_again_changes_nothing() -> None:
    notice = apply_news("delivered")

    assert notice.advance("delivered", LATER + timedelta(hours=1)) is notice


def test_what_else_a_notice_says_stays_as_it_moves() -> None:
    assert apply_news("sent") == replace(CLAIMED, state="sent", at=LATER)


def test_of_two_who_write_the_same_each_knows_its_own() -> None:
    notice, second = CLAIMED.advance("sent", LATER), CLAIMED.advance("sent", LATER)

    assert notice == second
    assert len({CLAIMED.writer, notice.writer, second.writer}) == 3
