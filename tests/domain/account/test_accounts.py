"""The account: the passwords that open it, and the effect of each change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, MailedPassword, Password, new_stamp
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.passwords import digest, mailed_password
from chalicelib.domain.account.pseudonyms import Pseudonyms

MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)
REF = AccountRef("evry-xenakis", "xen1")
ROSSIGNOL = Account(
    REF,
    "Famille Rossignol",
    ("rossignol@example.org",),
    "stamp-1",
    password=Password("hash of Loriot6Jaune", MORNING, "chosen"),
)


def mail_passwords(count: int, account: Account = ROSSIGNOL, every: timedelta = 2 * MINUTE) -> Account:
    for number in range(count):
        account = account.with_mailed_password(f"Mail{number}", f"request-{number}", MORNING + number * every)
    return account


def opening(account: Account, now: datetime = MORNING) -> list[str]:
    return [f"Mail{number}" for number in range(10) if account.mailed_digest_of(f"Mail{number}", now)]


def test_a_mailed_password_opens_its_account_for_24_hours() -> None:
    account = mail_passwords(1)

    assert account.mailed_digest_of("Mail0", MORNING) == digest("evry-xenakis", "xen1", "Mail0")
    assert account.mailed_digest_of("Mail0", MORNING + DAY - SECOND)
    assert account.mailed_digest_of("Mail0", MORNING + DAY) is None
    assert account.mailed_digest_of("mail0", MORNING) is None


@pytest.mark.parametrize(
    "other",
    [AccountRef("evry-magnard", "xen1"), AccountRef("evry-xenakis", "xen2")],
    ids=["same identifier, another site", "same site, another identifier"],
)
def test_a_mailed_password_opens_no_other_account(other: AccountRef) -> None:
    account = replace(ROSSIGNOL, ref=other, mailed_passwords=mail_passwords(1).mailed_passwords)

    assert account.mailed_digest_of("Mail0", MORNING) is None


def test_a_disabled_account_opens_for_no_mailed_password() -> None:
    assert mail_passwords(1).with_disabled(is_disabled=True).mailed_digest_of("Mail0", MORNING) is None


def test_asking_for_a_password_changes_nothing_else() -> None:
    account = mail_passwords(1)

    assert replace(account, mailed_passwords=(), letters=()) == ROSSIGNOL


def test_three_mailed_passwords_open_and_the_oldest_gives_way_to_the_fourth() -> None:
    assert opening(mail_passwords(3)) == ["Mail0", "Mail1", "Mail2"]
    assert opening(mail_passwords(4)) == ["Mail1", "Mail2", "Mail3"]
    assert len(mail_passwords(5).mailed_passwords) == 3


def test_an_expired_one_gives_way_first() -> None:
    late = MORNING + DAY + MINUTE
    account = mail_passwords(3).with_mailed_password("Mail3", "request-3", late)

    assert opening(account, late) == ["Mail1", "Mail2", "Mail3"]
    assert len(account.mailed_passwords) == 3


def test_the_oldest_gives_way_whatever_the_order_the_table_gave() -> None:
    account = mail_passwords(3)
    account_after = replace(account, mailed_passwords=account.mailed_passwords[::-1])

    again = account_after.with_mailed_password("Mail3", "request-3", MORNING + 6 * MINUTE)

    assert opening(again) == ["Mail1", "Mail2", "Mail3"]


def test_only_a_digest_of_a_mailed_password_is_kept() -> None:
    text = mailed_password()

    account = ROSSIGNOL.with_mailed_password(text, "request-1", MORNING)

    assert text not in str(vars(account)) + str([vars(password) for password in account.mailed_passwords])


def test_a_new_password_drops_the_mailed_ones_and_ends_every_session() -> None:
    account = mail_passwords(3)

    after = account.with_password("hash of Mail1", "mailed", MORNING + MINUTE)

    assert after.password == Password("hash of Mail1", MORNING + MINUTE, "mailed")
    assert after.mailed_passwords == ()
    assert after.stamp != account.stamp


@pytest.mark.parametrize("is_disabled", [True, False], ids=["disabled", "enabled"])
def test_disabling_and_enabling_end_every_session(*, is_disabled: bool) -> None:
    after = replace(ROSSIGNOL, disabled=not is_disabled).with_disabled(is_disabled=is_disabled)

    assert after.disabled is is_disabled
    assert after.stamp != ROSSIGNOL.stamp
    assert after.password == ROSSIGNOL.password


def test_logging_in_ends_no_session() -> None:
    after = ROSSIGNOL.with_login(MORNING)

    assert after == replace(ROSSIGNOL, last_login=MORNING)


def test_hashing_the_same_password_again_ends_no_session_and_is_no_change_of_password() -> None:
    after = ROSSIGNOL.with_hash("newer hash")

    assert after == replace(ROSSIGNOL, password=Password("newer hash", MORNING, "chosen"))


def test_there_is_nothing_to_hash_again_where_there_is_no_password() -> None:
    without = replace(ROSSIGNOL, password=None)

    assert without.with_hash("newer hash") == without


def test_the_address_on_file_that_was_typed_is_found_as_the_administration_wrote_it() -> None:
    pseudonyms = Pseudonyms("the key of these tests, long enough")
    account = replace(ROSSIGNOL, emails=("merle@example.org", "Rossignol@Example.org"))

    assert account.mailbox(pseudonyms.of_mailbox("rossignol@example.org"), pseudonyms) == "Rossignol@Example.org"
    assert account.mailbox(pseudonyms.of_mailbox("pinson@example.org"), pseudonyms) is None


def test_a_request_delivered_twice_counts_once_and_may_go_on() -> None:
    account = mail_passwords(1)

    assert account.may_be_mailed("request-0", MORNING)
    again = account.with_mailed_password("Mail1", "request-0", MORNING + SECOND)

    assert opening(again) == ["Mail0", "Mail1"]
    assert [letter.request for letter in again.letters] == ["request-0"]


def test_a_request_delivered_over_and_over_pushes_out_its_own_passwords_before_those_of_others() -> None:
    account = mail_passwords(2)
    for number in range(2, 9):
        account = account.with_mailed_password(f"Mail{number}", "request-1", MORNING + number * MINUTE)

    assert opening(account, MORNING + 9 * MINUTE) == ["Mail0", "Mail7", "Mail8"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda account, now: account.with_login(now), id="logged in"),
        pytest.param(lambda account, now: account.with_password("new hash", "chosen", now), id="changed"),
    ],
)
def test_whoever_gets_in_may_ask_for_six_letters_more(change: Callable[[Account, datetime], Account]) -> None:
    """So that a stranger who knows identifier and address cannot use up the family's limit."""
    account = mail_passwords(6)
    assert not account.may_be_mailed("another", MORNING + 12 * MINUTE)

    after = change(account, MORNING + 12 * MINUTE)

    assert after.may_be_mailed("another", MORNING + 12 * MINUTE)


def test_getting_in_does_not_shorten_the_pause_between_two_letters() -> None:
    account = mail_passwords(1)

    after = account.with_login(MORNING + SECOND)

    assert not after.may_be_mailed("another", MORNING + SECOND)
    assert after.may_be_mailed("another", MORNING + 2 * MINUTE)


def test_letters_of_yesterday_are_forgotten() -> None:
    account = mail_passwords(6).with_mailed_password("Mail6", "request-6", MORNING + DAY + 5 * MINUTE)

    assert [letter.request for letter in account.letters] == ["request-3", "request-4", "request-5", "request-6"]


def test_an_address_that_fails_is_marked_until_it_leaves_the_file() -> None:
    pseudonyms = Pseudonyms("a key that is long enough for a test")
    rossignol, loriot = (pseudonyms.of_mailbox(f"{name}@example.org") for name in ("rossignol", "loriot"))
    account = replace(ROSSIGNOL, emails=("rossignol@example.org", "loriot@example.org"))

    failing = account.with_failing_mailbox(rossignol, "bounced", pseudonyms, MORNING)
    account_after = replace(failing, emails=("loriot@example.org",)).with_failing_mailbox(
        loriot, "bounced", pseudonyms, MORNING
    )

    assert [failure.mailbox for failure in failing.failing_mailboxes] == [rossignol]
    assert [failure.mailbox for failure in account_after.failing_mailboxes] == [loriot]


def test_the_same_failure_again_keeps_its_first_day_and_a_complaint_takes_its_place() -> None:
    pseudonyms = Pseudonyms("a key that is long enough for a test")
    mailbox = pseudonyms.of_mailbox("rossignol@example.org")
    failing = ROSSIGNOL.with_failing_mailbox(mailbox, "bounced", pseudonyms, MORNING)

    again = failing.with_failing_mailbox(mailbox, "bounced", pseudonyms, MORNING + DAY)
    complaint = again.with_failing_mailbox(mailbox, "complained", pseudonyms, MORNING + DAY)

    assert again is failing
    assert [(failure.kind, failure.at) for failure in complaint.failing_mailboxes] == [("complained", MORNING + DAY)]


def test_an_address_that_nobody_proved_in_time_is_forgotten_at_the_next_login() -> None:
    waiting = replace(ROSSIGNOL, pending_email=PendingEmail("name", "nouvelle@example.org", "Aimée", MORNING))

    assert waiting.with_login(MORNING + 29 * MINUTE).pending_email == waiting.pending_email
    assert waiting.with_login(MORNING + 30 * MINUTE).pending_email is None


def test_an_address_that_waits_for_its_code_does_not_outlive_the_password_it_was_asked_with() -> None:
    waiting = replace(ROSSIGNOL, pending_email=PendingEmail("name", "nouvelle@example.org", "Aimée", MORNING))

    assert waiting.with_password("another hash", "chosen", MORNING).pending_email is None


def test_a_stamp_never_comes_back() -> None:
    stamps = {new_stamp() for _ in range(500)}

    assert len(stamps) == 500
    assert {len(stamp) for stamp in stamps} == {22}  # 128 random bits


def test_values_do_not_change_under_their_reader() -> None:
    with pytest.raises(AttributeError):
        ROSSIGNOL.disabled = True  # type: ignore[misc]  # that is the point
    with pytest.raises(AttributeError):
        MailedPassword("digest", MORNING, "request").expires_at = MORNING  # type: ignore[misc]  # the same
