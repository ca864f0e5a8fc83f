"""The summary of a family: its flags, written and read back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, MailedLetter
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.domain.search.account_summary import AccountSummary, account_summary
from chalicelib.domain.search.summaries import summarise_account

NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
BARE = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("rossignol@example.org",), "stamp")


def there_and_back(account: Account) -> AccountSummary:
    summary = account_summary(account.ref.site, account.ref.identifier, summarise_account(account))
    assert summary
    return summary


def test_a_season_is_not_about_who_is_closed_gone_or_new() -> None:
    kinds = {
        None: BARE,
        "disabled": replace(BARE, disabled=True, gone_at=NINE),
        "gone": replace(BARE, gone_at=NINE),
        "newcomer": replace(BARE, application="P27-K4TN-8WCB"),
    }
    assert {kind: there_and_back(account).exclusion for kind, account in kinds.items()} == {
        kind: kind for kind in kinds
    }


def test_what_the_desk_attends_to_is_said() -> None:
    assert not there_and_back(BARE).is_activated
    assert there_and_back(replace(BARE, letters=(MailedLetter("request", NINE),))).is_activated
    assert not there_and_back(BARE).is_failing
    assert there_and_back(replace(BARE, failing_mailboxes=(FailingMailbox("box", "bounced", NINE),))).is_failing
    assert not there_and_back(BARE).is_frozen


def test_a_pupil_is_of_age_on_its_birthday_and_one_of_an_unknown_one_is_not() -> None:
    household = Household(pupils=(Pupil("Zélie", date(2008, 9, 1)), Pupil("Léo")))
    zelie, leo = there_and_back(replace(BARE, household=household)).pupils
    assert [zelie.is_adult(date(2026, 8, 31)), zelie.is_adult(date(2026, 9, 1))] == [False, True]
    assert not leo.is_adult(date(2026, 9, 1))


@pytest.mark.parametrize("words", [[], [0], [2, "later"]])
def test_another_version_s_words_are_not_understood(words: list[object]) -> None:
    with pytest.raises(ValueError, match="another version"):
        account_summary("evry-xenakis", "xen1", words)
