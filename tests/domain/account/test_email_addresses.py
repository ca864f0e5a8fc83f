"""Addresses on file: changed with their guardians', and no mailed password survives in a removed mailbox."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Password
from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.account.email_addresses import (
    ADDRESSES_AT_MOST,
    AddressesSlowedDown,
    CodesSlowedDown,
    EmailChange,
    apply_email_change,
    check_rate,
    choices,
    with_pending_email,
)
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.households import Guardian, Household

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
PSEUDONYMS = Pseudonyms("a key long enough for pseudonyms in tests")
AIMEE, COME, NEW = "aimee@example.org", "come@example.org", "nouvelle@example.org"
ACCOUNT = Account(
    AccountRef("evry-xenakis", "xen1"),
    "Famille Rossignol",
    (AIMEE, COME),
    "stamp",
    password=Password("hash", NOW - timedelta(days=9), "chosen"),
    household=Household(guardians=(Guardian("Aimée", AIMEE), Guardian("Côme", COME), Guardian("Zélie"))),
).with_mailed_password("Mh4kWqzR7tXc9bPd", "request-1", NOW)


def change(new: str | None = None, former: str | None = None, account: Account = ACCOUNT) -> Account:
    return apply_email_change(account, EmailChange(new, former), PSEUDONYMS)


def emails_of_guardians(account: Account) -> list[str]:
    return [guardian.email for guardian in account.household.guardians]


def test_an_address_takes_the_place_of_another_also_of_the_guardian_whose_it_was() -> None:
    after = change(NEW, AIMEE)

    assert after.emails == (NEW, COME)
    assert emails_of_guardians(after) == [NEW, COME, ""]


def test_a_further_address_is_that_of_the_one_guardian_who_had_none() -> None:
    after = change(NEW)

    assert after.emails == (AIMEE, COME, NEW)
    assert emails_of_guardians(after) == [AIMEE, COME, NEW]


@pytest.mark.parametrize("guardians", [(Guardian("Aimée"), Guardian("Côme")), (Guardian("Aimée", AIMEE),), ()])
def test_a_further_address_is_nobodys_where_one_cannot_tell_whose(guardians: tuple[Guardian, ...]) -> None:
    account = replace(ACCOUNT, household=Household(guardians=guardians))

    after = change(NEW, account=account)

    assert after.emails == (AIMEE, COME, NEW)
    assert after.household.guardians == guardians


def test_a_further_address_is_that_of_the_guardian_who_is_named_and_leaves_a_mailbox_that_was_shared() -> None:
    guardians = (Guardian("Aimée", AIMEE), Guardian("Côme", AIMEE))
    account = replace(ACCOUNT, emails=(AIMEE,), household=Household(guardians=guardians))

    after = apply_email_change(account, EmailChange(NEW, guardian="Côme"), PSEUDONYMS)

    assert after.emails == (AIMEE, NEW)
    assert emails_of_guardians(after) == [AIMEE, NEW]
    assert after.mailed_passwords == ACCOUNT.mailed_passwords


def test_a_further_address_of_two_guardians_written_alike_is_that_of_the_one_without() -> None:
    account = replace(ACCOUNT, household=Household(guardians=(Guardian("Dupont", AIMEE), Guardian("Dupont"))))

    after = apply_email_change(account, EmailChange(NEW, guardian="Dupont"), PSEUDONYMS)

    assert emails_of_guardians(after) == [AIMEE, NEW]


def test_an_address_goes_also_from_its_guardian() -> None:
    after = change(former=COME)

    assert after.emails == (AIMEE,)
    assert emails_of_guardians(after) == [AIMEE, "", ""]


@pytest.mark.parametrize("new", [NEW, None])
def test_a_mailed_password_even_kept_ends_with_the_mailbox_left_behind_and_no_code_waits(new: str | None) -> None:
    holder = replace(ACCOUNT, password=Password("hash", NOW, "mailed"))
    candidate = replace(ACCOUNT, pending_email=PendingEmail("name", "autre@example.org", "Aimée", NOW))

    after, holder_after = change(new, AIMEE), change(new, AIMEE, holder)

    assert after.mailed_digest_of("Mh4kWqzR7tXc9bPd", NOW) is None
    assert after.letters == ACCOUNT.letters  # the limits hold
    assert (after.password, after.stamp) == (ACCOUNT.password, ACCOUNT.stamp)  # a chosen password was never mailed
    assert (holder_after.password, holder_after.stamp == holder.stamp) == (None, False)
    assert change(new, AIMEE, candidate).pending_email is None


def test_a_further_address_ends_no_password() -> None:
    after = change(NEW)

    assert after.mailed_passwords == ACCOUNT.mailed_passwords
    assert (after.password, after.stamp) == (ACCOUNT.password, ACCOUNT.stamp)


def test_the_mark_of_a_failing_mailbox_goes_with_its_address_only() -> None:
    failures = tuple(FailingMailbox(PSEUDONYMS.of_mailbox(email), "bounced", NOW) for email in (AIMEE, COME, NEW))
    account = replace(ACCOUNT, failing_mailboxes=failures)

    after = change(NEW, AIMEE, account)

    assert after.failing_mailboxes == (failures[1],)
    assert after.reachable(PSEUDONYMS) == (NEW,)


def test_nothing_else_changes() -> None:
    after = change(NEW, AIMEE)

    same = replace(after, emails=ACCOUNT.emails, household=ACCOUNT.household, mailed_passwords=ACCOUNT.mailed_passwords)
    assert same == ACCOUNT


def test_no_address_shows_where_a_wish_is_printed() -> None:
    assert "example" not in repr(EmailChange(NEW, AIMEE))


def test_an_address_waits_for_its_code_and_the_same_form_twice_is_one() -> None:
    first, again = (PendingEmail(name, NEW, "Aimée", NOW) for name in ("one", "two"))

    once = with_pending_email(ACCOUNT, first, NOW)

    assert (once.pending_email, once.code_times) == (first, (NOW,))
    assert with_pending_email(once, again, NOW) is once


def test_three_codes_may_be_asked_for_at_once_then_one_each_twenty_minutes_and_ten_a_day() -> None:
    account, counts = ACCOUNT, []
    for minute in range(24 * 60):
        now = NOW + timedelta(minutes=minute)
        try:
            account = with_pending_email(
                account, PendingEmail(f"{minute}", f"a{minute}@example.org", "Aimée", now), now
            )
        except CodesSlowedDown:
            continue
        counts.append(minute)

    assert counts == [0, 1, 2, 22, 42, 62, 82, 102, 122, 142]
    later = NOW + timedelta(hours=24)
    assert len(with_pending_email(account, PendingEmail("x", NEW, "Aimée", later), later).code_times) == 10


def choices_of(emails: tuple[str, ...], *guardians: Guardian) -> dict[str, tuple[str, ...]]:
    account = replace(ACCOUNT, emails=emails, household=Household(guardians=guardians))
    return {choice.code: choice.names or (choice.guardian,) for choice in choices(account)}


def test_a_family_may_replace_each_address_and_take_away_any_but_the_last() -> None:
    aimee, partner = Guardian("Aimée", AIMEE), Guardian("Côme", COME)

    assert choices_of((AIMEE, COME), aimee, partner) == {
        "remplacer-1": ("Aimée",),
        "remplacer-2": ("Côme",),
        "ajouter": ("",),
        "retirer-1": ("Aimée",),
        "retirer-2": ("Côme",),
    }
    assert choices_of((AIMEE,), aimee).keys() == {"remplacer-1", "ajouter"}
    assert choices_of(()).keys() == {"ajouter"}


def test_a_guardian_without_an_address_of_its_own_may_get_one_shared_or_none() -> None:
    pair, alone = (Guardian("Aimée", AIMEE), Guardian("Côme", AIMEE)), (Guardian("Aimée", AIMEE), Guardian("Côme"))

    assert choices_of((AIMEE,), *pair) == {
        "remplacer-1": ("Aimée", "Côme"),
        "ajouter-1": ("Aimée",),
        "ajouter-2": ("Côme",),
    }
    assert choices_of((AIMEE,), *alone) == {"remplacer-1": ("Aimée",), "ajouter-2": ("Côme",)}


def test_nobody_adds_addresses_without_end() -> None:
    many = tuple(f"a{number}@example.org" for number in range(ADDRESSES_AT_MOST))

    assert not [code for code in choices_of(many) if code.startswith("ajouter")]
    assert "ajouter" in choices_of(many[1:])


def test_twelve_changes_of_a_family_s_addresses_are_made_in_a_day_and_the_office_s_do_not_count() -> None:
    account = ACCOUNT
    for number in range(20):
        after = replace(account, emails=(f"a{number}@example.org", COME))
        account = record_corrections(account, after, Actor("office", "Mme Houx"), NOW)
    for number in range(12):
        now = NOW + timedelta(minutes=number)
        check_rate(account, now)
        account = record_corrections(
            account, replace(account, emails=(f"b{number}@example.org", COME)), Actor("family"), now
        )

    with pytest.raises(AddressesSlowedDown) as error:
        check_rate(account, NOW + timedelta(hours=1))

    assert error.value.until == NOW + timedelta(hours=24)
    check_rate(account, error.value.until)
