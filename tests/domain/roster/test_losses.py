"""Losses of an account by an import: a name, a pupil, a birth date, a telephone or an e-mail."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.roster.merge import loss_of

ZELIE = Pupil("Zélie Rossignol", date(2015, 2, 28), (Course("Hautbois"),))
MME = Guardian("Mme Rossignol", "rossignol@example.org", "01 99 00 12 34 / 06 99 00 12 34")
MERLE = Guardian("M. Merle", "merle@example.org")
HOUSEHOLD = Household((MME, MERLE), ("3 rue de l'Orge", "91000 Evry"), (ZELIE,), "M. Merle")
ACCOUNT = Account(
    AccountRef("evry-xenakis", "xen1"), "Famille Rossignol", ("rossignol@example.org", "merle@example.org"), "stamp",
    household=HOUSEHOLD,
)  # fmt: skip


def with_household(**parts: Any) -> Account:
    return replace(ACCOUNT, household=replace(HOUSEHOLD, **parts))


@pytest.mark.parametrize(
    "after",
    [
        with_household(guardians=(MME,)),
        with_household(guardians=(replace(MME, name="Mme Rossignol-Merle"), MERLE)),
        with_household(guardians=(replace(MME, telephone="01 99 00 12 34"), MERLE)),
        with_household(pupils=()),
        with_household(pupils=(replace(ZELIE, name="Zoé Rossignol"),)),
        with_household(pupils=(replace(ZELIE, born_on=None),)),
        with_household(address=("91000 Evry",)),
        with_household(payer=""),
        with_household(pupils=(replace(ZELIE, courses=()),)),
        replace(ACCOUNT, emails=("merle@example.org",)),
    ],
)
def test_what_is_no_longer_there_is_lost(after: Account) -> None:
    assert loss_of(ACCOUNT, after) == "lost"


@pytest.mark.parametrize(
    "after",
    [
        with_household(guardians=(replace(MME, telephone="01 99 00 56 78 / 06 99 00 12 34"), MERLE)),
        with_household(pupils=(replace(ZELIE, born_on=date(2015, 2, 27)),)),
        replace(ACCOUNT, emails=("rossignol@example.org", "neuve@example.org")),
    ],
)
def test_what_another_takes_the_place_of_is_replaced(after: Account) -> None:
    assert loss_of(ACCOUNT, after) == "replaced"


@pytest.mark.parametrize(
    "after",
    [
        ACCOUNT,
        replace(ACCOUNT, name="Famille Merle"),
        with_household(guardians=(replace(MERLE, name="MERLE M."), MME, Guardian("Mme Grive"))),
        with_household(pupils=(replace(ZELIE, name="ROSSIGNOL Zelie"), Pupil("Ana"))),
        with_household(address=("5 rue du Blé", "91100 Villabé")),
        with_household(guardians=(replace(MME, name="Rossignol"), replace(MERLE, name="Monsieur Merle"))),
    ],
)
def test_what_is_added_or_written_otherwise_is_no_loss(after: Account) -> None:
    assert loss_of(ACCOUNT, after) == ""


def test_one_of_two_guardians_written_alike_is_lost_though_its_name_stays() -> None:
    alike = with_household(guardians=(Guardian("Mme Dupont"), Guardian("M. Dupont")))

    assert loss_of(alike, with_household(guardians=(Guardian("Dupont"),))) == "lost"
    assert loss_of(alike, with_household(guardians=(Guardian("Dupont"), Guardian("Dupont")))) == ""
