"""Two accounts of a family joined: nothing that one has is lost, and the people of both stay through a file."""

from datetime import UTC, date, datetime

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.mergers import Merger
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil

NOW = datetime(2026, 9, 1, 7, tzinfo=UTC)
ZELIE = Pupil("Zélie Merle", date(2015, 3, 14), (Course("hautbois"),))
LEO = Pupil("Léo Merle", date(2017, 1, 2), (Course("cor"),))
IDA, COME = Guardian("Ida Merle", "ida@example.org"), Guardian("Côme Merle", "come@example.org", "01 99 00 12 34")


def account(name: str, *emails: str, **more: object) -> Account:
    return Account(AccountRef("evry-xenakis", name), "Famille Merle", emails, f"stamp-{name}", **more)  # type: ignore[arg-type] # of its fields


def merged(stays: Account, stops: Account) -> Merger:
    return Merger(stays, stops).complete(Actor("office", "Mme Lyre"), NOW, "decision")


def test_people_and_addresses_of_both_are_kept_and_gaps_are_filled() -> None:
    stays = account("mer1", "ida@example.org", household=Household((IDA,), pupils=(ZELIE,)))
    more = Household((Guardian("IDA MERLE", telephone="01 99 00 56 78"), COME), ("3 rue du Bac",), (ZELIE, LEO), "Ida")
    stops = account(
        "mer2", "come@example.org", household=more, aliases=("old",), password=Password("hash", NOW, "chosen")
    )

    pair = merged(stays, stops)

    household = pair.stays.household
    assert [(one.name, one.telephone) for one in household.guardians] == [
        ("Ida Merle", "01 99 00 56 78"),
        ("Côme Merle", "01 99 00 12 34"),
    ]
    assert (household.address, household.payer) == (("3 rue du Bac",), "Ida")
    assert [(pupil.name, pupil.is_added) for pupil in household.pupils] == [("Zélie Merle", True), ("Léo Merle", True)]
    assert (pair.stays.emails, pair.stays.aliases) == (("ida@example.org", "come@example.org"), ("mer2", "old"))
    assert (pair.stops.role, pair.stops.family, pair.stops.password) == ("alias", "mer1", None)


def test_an_account_from_an_application_is_no_newcomer_once_it_has_the_row_of_the_other() -> None:
    pair = merged(account("mer1", application="2026-0012"), account("mer2", imported=(("name", "0123"),)))

    assert not pair.stays.is_newcomer
    assert pair.stops.imported == (("name", "0123"),)


def test_an_account_gone_from_the_file_comes_back_with_one_that_is_not() -> None:
    assert merged(account("mer1", gone_at=NOW), account("mer2")).stays.gone_at is None
    assert merged(account("mer1", gone_at=NOW), account("mer2", gone_at=NOW)).stays.gone_at == NOW
