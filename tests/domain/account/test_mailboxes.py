"""A mailbox: the limit on letters about identifiers."""

from datetime import timedelta

from chalicelib.domain.account.mailboxes import Mailbox
from tests.support.world import OPENING_MORNING as NOW

MINUTE = timedelta(minutes=1)


def mailbox_after(times: int) -> Mailbox:
    mailbox = Mailbox("a1")
    for number in range(times):
        mailbox = mailbox.with_letter(f"request-{number}", NOW + 10 * number * MINUTE)
    return mailbox


def test_a_letter_leaves_each_two_minutes_and_six_a_day() -> None:
    assert not mailbox_after(1).may_be_mailed("another", NOW + MINUTE)
    assert mailbox_after(1).may_be_mailed("another", NOW + 2 * MINUTE)
    assert not mailbox_after(6).may_be_mailed("another", NOW + timedelta(hours=23))
    assert mailbox_after(6).may_be_mailed("another", NOW + timedelta(hours=24))


def test_a_request_that_is_delivered_again_counts_once_and_may_go_on() -> None:
    mailbox = mailbox_after(6)

    assert mailbox.may_be_mailed("request-3", NOW + 51 * MINUTE)
    assert mailbox.with_letter("request-3", NOW + 51 * MINUTE) is mailbox


def test_letters_of_yesterday_are_kept_no_more() -> None:
    mailbox = mailbox_after(6).with_letter("another", NOW + timedelta(hours=24, minutes=15))

    assert [letter.request for letter in mailbox.letters] == [
        "request-2",
        "request-3",
        "request-4",
        "request-5",
        "another",
    ]
