"""The stored summary of a family: only data that lists show or filter by."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef, Password
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.domain.search.summaries import summarise_account, summarise_enrolment
from tests.support.answers import FULL, NOW, REF

BARE = Account(AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("rossignol@example.org",), "stamp")


def test_no_secret_and_no_moment_of_a_login_is_in_it() -> None:
    opened = replace(BARE, password=Password("hash", NOW, "chosen"), last_login=datetime(2027, 1, 2, tzinfo=UTC))

    words = summarise_account(opened)

    assert words == [1, "a", "", "Famille Rossignol", [], [], ["rossignol@example.org"], [], "", []]
    assert summarise_account(replace(opened, last_login=NOW, stamp="another")) == words


def test_each_address_is_told_once() -> None:
    household = Household(
        (Guardian("Mme Rossignol", "rossignol@example.org"), Guardian("M. Merle", "merle@example.org"))
    )
    assert summarise_account(replace(BARE, household=household))[6] == ["rossignol@example.org", "merle@example.org"]


def test_a_guardian_s_own_login_is_told_to_be_none() -> None:
    assert summarise_account(replace(BARE, role=GUARDIAN)) == [1]


def test_no_free_text_of_a_family_is_in_it() -> None:
    text = str(summarise_enrolment(FULL))
    assert "Plutôt" not in text
    assert "Déménagement" not in text
    assert summarise_enrolment(Enrolment(REF, started_at=NOW)) == [1, [], [], None]
