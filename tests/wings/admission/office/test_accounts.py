"""The account of accepted candidates, as a value: its pupils, its name, its identifier."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.applications import Standing
from chalicelib.wings.admission.office.accounts import (
    NewIdentifier,
    chosen_identifier,
    generate_identifier,
    lacking,
    new_account,
    pupil_of,
    similar_accounts,
    with_pupils,
)
from tests.support.applications import ALBA, NILS, SENT
from tests.support.stored_applications import application_of, open_admission
from tests.support.world import ROSSIGNOL, World

LAKE = ("4, all. des Tilleuls", "91000 Evry")


@pytest.mark.parametrize(
    "values",
    [
        {"emails": ("geai+ecole@example.org",)},
        {"household": Household((Guardian("M. Geai", "", "+33 6 99 00 20 01"),))},
        {"household": Household(address=LAKE)},
        {"household": Household(pupils=(Pupil("GEAI Alba", ALBA.born_on),))},
    ],
    ids=["email", "telephone", "address", "child"],
)
def test_an_account_that_shares_something_is_read_by_its_summary(world: World, values: dict[str, Any]) -> None:
    open_admission(world)
    application = application_of(world)
    world.settle(**values)
    world.aws.calls.clear()

    assert [one.ref for one in similar_accounts(world.services, application, ("evry-xenakis",))] == [ROSSIGNOL]
    assert "Scan" not in world.aws.calls
    assert similar_accounts(world.services, application, ("evry-magnard",)) == ()


def test_an_account_that_shares_nothing_is_not_read(world: World) -> None:
    open_admission(world)
    application = application_of(world)
    world.settle(household=Household((Guardian("M. Pie", "", "06 99 00 30 01"),), ("4 rue du Lac", "91000 Evry")))
    world.aws.calls.clear()

    assert similar_accounts(world.services, application, ("evry-xenakis",)) == ()
    assert world.aws.calls == ["Query"]


GEAI = AccountRef("evry-xenakis", "pi27001")
SLOT = ("evry-xenakis", "Piano", "Débutant")
ACCEPTED = SENT.with_standing(Standing(ALBA.key, account=(GEAI.site, GEAI.identifier), slot=SLOT))
PIANO = Course("Piano", "Débutant")


def test_only_who_is_accepted_at_the_site_is_on_the_account() -> None:
    account = new_account(ACCEPTED, NewIdentifier("PI27001", GEAI))

    assert account.household.pupils == (Pupil("Alba Geai", ALBA.born_on, (PIANO,)),)
    assert lacking(account, ACCEPTED, GEAI) == ()
    assert lacking(None, ACCEPTED, GEAI) == (ALBA.key,)


def test_a_pupil_learns_what_comes_once_whatever_the_level_is_by_now() -> None:
    alba = pupil_of(ALBA, SLOT)
    grown = replace(alba, courses=(Course("PIANO", "Cycle 2"),))
    account = Account(GEAI, "Famille Geai", (), "stamp", household=Household(pupils=(grown,)))

    assert with_pupils(account, [alba]) is account
    assert with_pupils(account, [pupil_of(NILS, None)]).household.pupils[1:] == (Pupil("Nils Geai", NILS.born_on),)


def test_numbers_that_accounts_have_are_passed_over_dashes_or_not(world: World) -> None:
    world.settle(AccountRef("evry-xenakis", "pi-27001"))

    new_identifier = generate_identifier(world.services, "evry-xenakis", "2027")

    assert new_identifier == NewIdentifier("PI27002", AccountRef("evry-xenakis", "pi27002"))
    assert generate_identifier(world.services, "evry-magnard", "2028").display == "PI28001"


def test_where_every_number_is_taken_nothing_goes_on_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.wings.admission.office.accounts._taken", lambda *_: True)

    with pytest.raises(Unavailable):
        generate_identifier(world.services, "evry-xenakis", "2027")


def test_an_identifier_is_kept_as_it_is_written_on_one_line(world: World) -> None:
    assert chosen_identifier(world.services, "evry-xenakis", "  Xen \t 12 ") == NewIdentifier(
        "Xen 12", AccountRef("evry-xenakis", "xen12")
    )
    with pytest.raises(OfficeRefusal, match="identifier_malformed"):
        chosen_identifier(world.services, "evry-xenakis", "x" * 65)
