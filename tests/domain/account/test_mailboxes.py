"""A mailbox: how many letters about identifiers leave to it."""

from datetime import timedelta

from chalicelib.domain.account.mailboxes import Mailbox
from tests.support.world import OPENING_MORNING as NOW

MINUTE = timedelta(minutes=1)


def told(times: int) -> Mailbox:
    mailbox = Mailbox("a1")
    for number in range(times):
        mailbox = mailbox.with_letter(f"request-{number}", NOW + 10 * number * MINUTE)
    return mailbox


def test_a_letter_leaves_each_two_minutes_and_six_a_day() -> None:
    assert not told(1).may_be_mailed("another", NOW + MINUTE)
    assert told(1).may_be_mailed("another", NOW + 2 * MINUTE)
    assert not told(6).may_be_mailed("another", NOW + timedelta(hours=23))
    assert told(6).may_be_mailed("another", NOW + timedelta(hours=24))


def test_a_request_that_is_delivered_again_counts_once_and_may_go_on() -> None:
    mailbox = told(6)

    assert mailbox.may_be_mailed("request-3", NOW + 51 * MINUTE)
    assert mailbox.with_letter("request-3", NOW + 51 * MINUTE) is mailbox


def test_letters_of_yesterday_are_kept_no_more() -> None:
    kept = told(6).with_letter("another", NOW + timedelta(hours=24, minutes=15))

    assert [letter.request for letter in kept.letters] == [
        "request-2",
        "request-3",
        "request-4",
        "request-5",
        "another",
    ]
