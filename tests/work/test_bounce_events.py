"""Read SES's reports on mails: the account, the addresses, whether they arrived, and whether a failure is final."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.mail.mailer import tags
from chalicelib.work.bounces import MailEvent, event_from_json
from tests.support.ses_events import bounce_event, complaint
from tests.support.world import EMAIL, ROSSIGNOL


def delivery(**tags_told: str) -> str:
    all_tags = {name: [value] for name, value in (tags(ROSSIGNOL) | tags_told).items()}
    mail = {"destination": [EMAIL], "tags": all_tags}
    return bounce_event(eventType="Delivery", bounce=None, mail=mail, delivery={"recipients": [EMAIL]})


def test_a_permanent_bounce_names_its_account_and_address() -> None:
    assert event_from_json(bounce_event()) == MailEvent(ROSSIGNOL, (EMAIL,), "bounced")


def test_a_complaint_does_too() -> None:
    assert event_from_json(complaint()) == MailEvent(ROSSIGNOL, (EMAIL,), "complained")


def test_a_mail_that_arrived_is_told_too() -> None:
    assert event_from_json(delivery()) == MailEvent(ROSSIGNOL, (EMAIL,), "delivered")


def test_a_mail_of_a_campaign_names_it_and_its_mailbox() -> None:
    event = event_from_json(delivery(campaign="reinscription-2026", mailbox="0123456789abcdef0123"))

    assert event == MailEvent(ROSSIGNOL, (EMAIL,), "delivered", "reinscription-2026", "0123456789abcdef0123")


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_what_may_heal_by_itself_is_no_failure(kind: str) -> None:
    assert event_from_json(bounce_event(kind)) == MailEvent(ROSSIGNOL, (EMAIL,), None)


@pytest.mark.parametrize("identifier", ["xen1", "été-12", "a/b c", "🐦"])
def test_any_identifier_comes_back_as_it_left_in_the_alphabet_of_ses(identifier: str) -> None:
    account = AccountRef("evry-xenakis", identifier)
    sent_tags = tags(account)

    back = event_from_json(bounce_event(mail={"tags": {name: [value] for name, value in sent_tags.items()}}))

    assert all(value.isascii() and value.replace("-", "").isalnum() for value in sent_tags.values())
    assert back is not None
    assert back.account == account


def test_an_identifier_that_no_tag_can_hold_is_not_told() -> None:
    assert tags(AccountRef("evry-xenakis", "🐦" * 64)) == {}


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        "[]",
        "{}",
        bounce_event(mail={"tags": {}}),
        bounce_event(mail={"tags": {"site": ["evry-xenakis"], "identifier": ["not hexadecimal"]}}),
        bounce_event(mail={"tags": {"site": ["evry-xenakis"], "identifier": ["ff"]}}),
        bounce_event(bounce=None),
        bounce_event(eventType="Open", bounce=None),
        bounce_event(eventType="Delivery", bounce=None, delivery=None),
        bounce_event(mail={"tags": None}),
    ],
)
def test_what_is_no_news_of_a_mail_of_ours_is_nothing(message: str) -> None:
    assert event_from_json(message) is None


def test_no_address_shows_where_a_bounce_is_printed() -> None:
    assert EMAIL not in repr(event_from_json(bounce_event()))
