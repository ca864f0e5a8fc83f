"""The view of one login on the family."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import with_part
from chalicelib.domain.account.separation import as_addressed, as_seen
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.domain.family.redaction import hide
from tests.support.login_methods import LINK, TELEPHONE

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
    view, his = as_seen(TWO, REF).view, as_seen(TWO, COMES).view

    assert (view and view.present, his and his.present) == ((AIMEE.name,), (COME.name,))


def test_a_family_of_one_login_sees_its_account_as_it_is() -> None:
    assert as_seen(ALONE, REF) is ALONE


def test_where_all_is_shared_each_login_sees_all() -> None:
    assert as_seen(TWO, COMES) == as_seen(TWO, REF) == TWO


SEPARATED: Final = replace(TWO, separated_at=NINE, emails=(*TWO.emails, "mamie@example.org"))


def test_kept_apart_each_sees_its_own_guardian_s_coordinates() -> None:
    hers, his = as_seen(SEPARATED, REF), as_seen(SEPARATED, COMES)

    assert hers.emails == ("aimee@example.org", "mamie@example.org")
    assert [guardian.telephone for guardian in hers.household.guardians] == [AIMEE.telephone, ""]
    assert hers.household.address == ALONE.household.address
    assert his.emails == ("come@example.org",)
    assert [guardian.telephone for guardian in his.household.guardians] == ["", COME.telephone]
    assert his.household.address == (), "the family's is the first guardian's"
    assert [guardian.name for guardian in his.household.guardians] == [AIMEE.name, COME.name]


def test_a_guardian_without_a_login_is_kept_apart_too_and_its_mailbox_opens_nothing() -> None:
    account = as_seen(replace(ALONE, separated_at=NINE), REF)

    assert (account.emails, account.view and account.view.present) == (("aimee@example.org",), (AIMEE.name,))


def test_a_login_that_is_nobody_s_sees_nobody_s_coordinates() -> None:
    everybody = replace(TWO.household, guardians=(replace(AIMEE, login="un7005r3"), TWO.household.guardians[1]))

    account = as_seen(replace(SEPARATED, household=everybody), REF)

    assert (account.emails, account.household.address) == ((), ())
    assert {guardian.telephone for guardian in account.household.guardians} == {""}


def test_a_guardian_s_own_postal_address_stands_in_the_family_s_place() -> None:
    lake = ("1 rue du Lac", "91000 Evry")
    at_the_lake = replace(TWO.household, guardians=(AIMEE, replace(TWO.household.guardians[1], address=lake)))

    assert as_seen(replace(TWO, household=at_the_lake), COMES).household.address == lake
    assert as_seen(replace(SEPARATED, household=at_the_lake), COMES).household.address == lake
    assert as_seen(TWO, COMES).household.address == TWO.household.address, "until it has one, it is the family's"


def test_the_changes_of_the_other_are_not_shown() -> None:
    her, his = Actor("family", AIMEE.name), Actor("family", COME.name)
    changes = (
        Correction("telephones", ("1",), ("2",), her, NINE, "a", AIMEE.name),
        Correction("telephones", ("3",), ("4",), his, NINE, "b", COME.name),
        Correction("address", ("5",), ("6",), her, NINE, "c"),
        Correction("address", ("7",), ("8",), his, NINE, "d", COME.name),
        Correction("payer", ("9",), ("10",), her, NINE, "e"),
        Correction("of a later version", ("11",), ("12",), his, NINE, "h", COME.name),  # type: ignore[arg-type] # unknown here
        Correction("pupil", ("13",), ("14",), Actor("office"), NINE, "i", "Zélie"),
    )
    access = (
        Correction("emails", ("old@example.org", "come@example.org"), TWO.emails, her, NINE, "f"),
        Correction("password", (), ("chosen",), her, NINE, "g"),
        Correction("sign_in", (), ("franceconnect",), her, NINE, "j"),
    )
    account = replace(SEPARATED, corrections=changes, access_corrections=access)

    hers, second = as_seen(account, REF), as_seen(account, COMES)

    assert [change.decision for change in (*hers.corrections, *hers.access_corrections)] == list("aceifgj")
    assert [change.decision for change in (*second.corrections, *second.access_corrections)] == list("bdehi")
    assert (hers.access_corrections[0].old, hers.access_corrections[0].new) == ((), ("aimee@example.org",))


@pytest.mark.parametrize("family", [TWO, SEPARATED])
def test_the_first_login_s_methods_are_not_shown_to_another(family: Account) -> None:
    account = replace(family, passkeys=(TELEPHONE,), links=(LINK,))

    hers, second = as_seen(account, REF), as_seen(account, COMES)

    assert (hers.passkeys, hers.links) == ((TELEPHONE,), (LINK,))
    assert (second.passkeys, second.links) == ((), ())


def test_of_two_guardians_written_alike_each_sees_and_changes_its_own() -> None:
    """Their telephones leave one trace, under their shared name: if separated, neither may read it."""
    first, second = replace(AIMEE, name="Dupont"), replace(COME, name="Dupont", login="un7005r2")
    trace = Correction(
        "telephones", ("06 99 00 20 00",), ("06 99 00 20 02",), Actor("family", "Dupont"), NINE, "d", "Dupont"
    )
    family = replace(SEPARATED, household=Household((first, second), ("3 allée des Tilleuls",)), corrections=(trace,))

    hers, his = as_seen(family, REF), as_seen(family, COMES)
    assert hers.view
    assert his.view
    telephones = with_part(family.household, "telephones", ("06 99 00 10 09", ""), hers.view)
    address = with_part(family.household, "address", ("1 rue du Lac",), his.view)

    assert (hers.corrections, his.corrections) == ((), ())
    assert [guardian.telephone for guardian in telephones.guardians] == ["06 99 00 10 09", second.telephone]
    assert [guardian.address for guardian in address.guardians] == [(), ("1 rue du Lac",)]


def test_seen_again_it_is_as_it_was_and_no_write_begins_from_it() -> None:
    account = as_seen(replace(SEPARATED, item={"site": "x"}), COMES)

    assert as_seen(account, REF) is account
    assert account.item == {}


def test_a_mail_names_the_login_that_its_address_opens() -> None:
    identifiers = {email: as_addressed(SEPARATED, email).display_identifier for email in SEPARATED.emails}

    assert identifiers == {"aimee@example.org": "", "come@example.org": "UN7005 R2", "mamie@example.org": ""}
    assert as_addressed(SEPARATED, "come@example.org").emails == ("come@example.org",)
    assert as_addressed(ALONE, "come@example.org") is ALONE


def test_a_mail_to_a_guardian_without_a_login_tells_it_nothing_of_the_first() -> None:
    """If separated, only one guardian has the first login, and the other mailboxes belong to their guardians."""
    lake = ("1 rue du Lac", "91000 Evry")
    household = replace(ALONE.household, guardians=(AIMEE, replace(COME, address=lake)))

    his = as_addressed(replace(ALONE, household=household, separated_at=NINE), COME.email)

    assert his.emails == (COME.email,)
    assert [guardian.telephone for guardian in his.household.guardians] == ["", COME.telephone]
    assert his.household.address == lake
    assert hide(f"{AIMEE.telephone} {COME.telephone}", his.view.secrets if his.view else ()).endswith(COME.telephone)
    assert AIMEE.telephone not in hide(AIMEE.telephone, his.view.secrets if his.view else ())
