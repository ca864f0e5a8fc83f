"""What one login sees of its family."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_seen
from chalicelib.domain.family.households import Guardian, Household

NINE: Final = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
REF: Final = AccountRef("evry-xenakis", "un7005")
COMES: Final = AccountRef("evry-xenakis", "un7005r2")
AIMEE: Final = Guardian("Mme Aimée Rossignol", "aimee@example.org", "06 99 00 10 01")
COME: Final = Guardian("M. Côme Merle", "come@example.org", "06 99 00 20 02")
ALONE: Final = Account(
    REF,
    "Famille Rossignol",
    ("aimee@example.org", "come@example.org"),
    "stamp",
    household=Household((AIMEE, COME), ("3 allée des Tilleuls", "91000 Evry")),
)
TWO: Final = replace(ALONE, household=replace(ALONE.household, guardians=(AIMEE, replace(COME, login="un7005r2"))))


def test_a_login_speaks_for_its_guardian_and_the_first_for_the_others() -> None:
    seen, his = as_seen(TWO, REF).view, as_seen(TWO, COMES).view

    assert (seen and seen.present, his and his.present) == ((AIMEE.name,), (COME.name,))


def test_a_family_of_one_login_sees_its_account_as_it_is() -> None:
    assert as_seen(ALONE, REF) is ALONE


def test_where_all_is_shared_each_login_sees_all() -> None:
    assert as_seen(TWO, COMES) == as_seen(TWO, REF) == TWO
