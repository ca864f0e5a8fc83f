"""Look-alikes: data shared by two applications, or by one and an account, in any spelling."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.domain.search.summaries import AccountSummary
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef
from chalicelib.wings.admission.domain.look_alikes import (
    ApplicationLikeness,
    LookAlike,
    LookAlikes,
    Sign,
    Traits,
    address_key,
    telephones_in,
    traits_of_account,
    traits_of_application,
)
from tests.support.applications import ALBA, BEGUN, SEASON, SENT


def family(**values: object) -> AccountSummary:
    """Make a family's summary with only these values."""
    empty = AccountSummary("evry-xenakis", "xen1", "", "XEN 1", "Famille", (), (), (), (), "", ())
    return empty._replace(**values)  # type: ignore[arg-type]


def test_a_family_without_anything_is_like_nobody() -> None:
    assert not ApplicationLikeness.of(SENT).may_be(family())


def test_the_end_of_a_number_and_the_words_of_an_address_are_enough_to_look_closer() -> None:
    likeness = ApplicationLikeness.of(SENT)

    assert likeness.may_be(family(telephones=("0033 6 99 00 20 01",)))
    assert likeness.may_be(family(address="Bât. B, 4 allée des TILLEULS 91000 Évry"))
    assert not likeness.may_be(family(address="4 allée des Tilleuls 75001 Paris"))


def test_what_is_begun_and_not_sent_is_looked_for_as_it_stands() -> None:
    assert ApplicationLikeness.of(BEGUN).may_be(family(emails=("GEAI@example.org",)))


SITTELLE = AccountRef("evry-xenakis", "xen9")
STRANGER = Account(SITTELLE, "Famille Sittelle", ("sittelle@example.org",), "stamp")


def of_application(application: Application) -> Traits:
    traits = traits_of_application(application)
    assert traits
    return traits


def like_geai(account: Account) -> list[tuple[Sign, str]]:
    geai = of_application(SENT)
    look_alikes = LookAlikes([geai])
    look_alikes.compare(traits_of_account(account))
    return [(one.sign, one.key) for one in look_alikes.of(geai)]


def test_a_family_that_shares_nothing_looks_like_nobody() -> None:
    assert like_geai(STRANGER) == []


@pytest.mark.parametrize(
    ("account", "signs"),
    [
        pytest.param(replace(STRANGER, emails=("geai+piano@example.org",)), [("email", "")], id="a mailbox"),
        pytest.param(
            replace(STRANGER, household=Household(pupils=(Pupil("GEAI  Alba", date(2018, 3, 14)),))),
            [("child", ALBA.key)],
            id="a child",
        ),
        pytest.param(
            replace(STRANGER, household=Household((Guardian("Mme Sittelle", telephone="+33 6.99.00.20.01"),))),
            [("telephone", "")],
            id="a telephone",
        ),
        pytest.param(
            replace(STRANGER, household=Household(address=("Bât. C", "4, all. des TILLEULS", "91000 EVRY CEDEX"))),
            [("address", "")],
            id="an address",
        ),
    ],
)
def test_what_an_account_shares_is_found_however_it_is_spelt(account: Account, signs: list[tuple[Sign, str]]) -> None:
    assert like_geai(account) == signs


def test_a_child_of_the_same_name_born_another_day_is_another_child() -> None:
    account = replace(STRANGER, household=Household(pupils=(Pupil("Alba Geai", date(2018, 3, 15)), Pupil("Alba Geai"))))

    assert like_geai(account) == []


def test_two_applications_find_each_other_and_none_finds_itself() -> None:
    receipt = SENT.sent
    assert receipt
    application = replace(
        SENT,
        ref=ApplicationRef("other", SEASON),
        email="pie@example.org",
        sent=replace(receipt, number="P27-XXXX-2222", answers=replace(receipt.answers, guardian="M. Pie", address=())),
    )
    look_alikes = LookAlikes([of_application(SENT), of_application(application)])

    assert set(look_alikes.of(of_application(SENT))) == {
        LookAlike("telephone", "P27-XXXX-2222", "M. Pie"),
        *(LookAlike("child", "P27-XXXX-2222", "M. Pie", one.key) for one in receipt.answers.candidates),
    }
    assert {one.owner for one in look_alikes.of(of_application(application))} == {SENT.number}


def test_what_was_not_sent_is_compared_with_nobody() -> None:
    assert traits_of_application(BEGUN) is None


def test_dots_say_nothing_where_the_mailbox_knows_none() -> None:
    traits = of_application(replace(SENT, email="in.es.geai@gmail.com"))
    look_alikes = LookAlikes([traits])
    look_alikes.compare(traits_of_account(replace(STRANGER, emails=("inesgeai@gmail.com", "ines.geai@example.org"))))

    assert [one.sign for one in look_alikes.of(traits)] == ["email"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("06 99 00 20 01 / 01 99 00 10 01", ("0699002001", "0199001001")),
        ("0033 6 99 00 20 01", ("0699002001",)),
        ("+49 30 990010", ("4930990010",)),
        ("poste 12", ()),
    ],
)
def test_telephones_are_compared_by_their_digits(text: str, words: tuple[str, ...]) -> None:
    assert telephones_in(text) == words


def test_an_address_without_a_street_is_no_sign() -> None:
    assert address_key(()) == address_key(("91000 Evry",)) == ""
    assert address_key(("Lieu-dit Le Lac", "91000 Evry")) == "91000 lieu dit le lac"
