"""The logins of a family: their identifiers, guardians, and the addresses of their passwords."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, MailedPassword, Password
from chalicelib.domain.account.identifiers import IDENTIFIER_LENGTH, identifier_from
from chalicelib.domain.account.logins import (
    candidates,
    follow_guardian,
    is_begun_for,
    moved_logins,
    new_login,
    opening_emails,
    opens,
    presumed_family,
    same_guardian,
    with_login,
)
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.family.households import Guardian, Household

NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
REF = AccountRef("evry-xenakis", "un7005")
AIMEE = Guardian("Mme Aimée Rossignol", "aimee@example.org")
COME = Guardian("M. Côme Merle", "come@example.org")
ALONE = Account(
    REF,
    "Famille Rossignol",
    ("aimee@example.org", "come@example.org", "mamie@example.org"),
    "stamp",
    display_identifier="UN 7005",
    household=Household((AIMEE, COME)),
)
COMES = new_login(ALONE, COME, candidates(REF)[0])
TWO = with_login(ALONE, COME, COMES.ref)


def test_a_further_login_is_named_after_its_family() -> None:
    assert (COMES.ref.identifier, COMES.display_identifier) == ("un7005r2", "UN 7005 R2")
    assert identifier_from("UN 7005 R2") == COMES.ref.identifier
    assert (COMES.name, COMES.family, COMES.emails) == ("M. Côme Merle", "un7005", ("come@example.org",))


@pytest.mark.parametrize("family", ["un7005", "x", "r", "rr2", "é", "a" * (IDENTIFIER_LENGTH - 2)])
def test_each_of_its_identifiers_leads_back_to_the_family(family: str) -> None:
    ref = AccountRef("evry-xenakis", family)

    assert len(candidates(ref)) == 8
    assert {presumed_family(login) for login in candidates(ref)} == {ref}


@pytest.mark.parametrize("text", ["", "r2", "2", "un7005", "un7005r1", "un7005r0", "un7005r", "un7005b2", "un7005r22"])
def test_other_identifiers_presume_no_family(text: str) -> None:
    family = presumed_family(AccountRef("evry-xenakis", text))

    assert family is None or text == "un7005r22"


def test_an_identifier_that_nobody_could_type_is_given_to_none() -> None:
    assert candidates(AccountRef("evry-xenakis", "a" * (IDENTIFIER_LENGTH - 1))) == ()


def test_a_login_is_closed_with_its_family_and_by_its_family_s_word() -> None:
    assert opens(TWO, COMES)
    assert opens(None, ALONE), "the first login is the family"
    assert not opens(None, COMES)
    assert not opens(ALONE, COMES), "the family names no such login"
    assert not opens(replace(TWO, disabled=True), COMES)


def test_a_password_goes_to_the_addresses_of_its_own_login() -> None:
    assert opening_emails(ALONE) == ALONE.emails
    assert opening_emails(TWO) == ("aimee@example.org", "mamie@example.org")
    assert opening_emails(COMES) == ("come@example.org",)
    assert opening_emails(replace(ALONE, separated_at=NINE)) == ("aimee@example.org", "mamie@example.org")


def test_an_address_that_two_guardians_share_gets_no_password_of_the_first() -> None:
    account = with_login(replace(ALONE, household=Household((replace(AIMEE, email=COME.email), COME))), COME, REF)

    assert opening_emails(account) == ("aimee@example.org", "mamie@example.org")


def test_of_two_guardians_written_alike_one_has_the_login() -> None:
    first, second = replace(AIMEE, name="Dupont"), replace(COME, name="Dupont")
    family = replace(ALONE, household=Household((first, second)))
    account = new_login(family, first, COMES.ref)

    login_after = with_login(family, second, COMES.ref)

    assert login_after.household.guardians == (first, replace(second, login=COMES.ref.identifier))
    assert same_guardian(login_after, second) == login_after.household.guardians[1]
    assert same_guardian(login_after, replace(second, email="new@example.org")) is None
    assert (is_begun_for(account, family, first), is_begun_for(account, family, second)) == (True, False)


def test_a_session_remembers_login_and_family() -> None:
    session = Session.open(Token.new(REF.site), COMES, NINE, by="login", previous_login=None)

    assert (session.account, session.family_ref) == (COMES.ref, REF)


def test_what_was_mailed_to_an_address_left_behind_opens_nothing() -> None:
    account = replace(
        COMES, mailed_passwords=(MailedPassword("digest", NINE, "r"),), password=Password("hash", NINE, "mailed")
    )

    mover, second_after = (
        follow_guardian(account, replace(COME, email="new@example.org")),
        follow_guardian(account, COME),
    )

    assert (mover.emails, mover.mailed_passwords, mover.password) == (("new@example.org",), (), None)
    assert mover.stamp != account.stamp
    assert second_after is account
    assert follow_guardian(replace(COMES, password=Password("hash", NINE, "chosen")), replace(COME, email="")).password


def test_a_name_that_is_corrected_ends_nothing() -> None:
    account = replace(COMES, mailed_passwords=(MailedPassword("digest", NINE, "r"),))

    account_after = follow_guardian(account, replace(COME, name="M. Côme Merle-Houx"))

    assert (account_after.name, account_after.mailed_passwords) == ("M. Côme Merle-Houx", account.mailed_passwords)


def test_only_a_login_s_own_new_address_moves_it() -> None:
    account = replace(TWO, household=Household((AIMEE, replace(TWO.household.guardians[1], email="new@example.org"))))

    assert moved_logins(TWO, account) == ((COMES.ref, account.household.guardians[1]),)
    assert moved_logins(ALONE, TWO) == ()
    assert moved_logins(TWO, TWO) == ()
