"""The item of an account: every value comes back, and last year's items can still be read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain import fields as form_fields
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.email_addresses import ADDRESSES_AT_MOST
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.family.corrections import KEPT_AT_MOST, Actor, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from chalicelib.infra.dynamo.values import decode, encode_item, size_of
from chalicelib.stores.accounts import Accounts
from tests.support.stored_examples import full, store_of

NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
REF = AccountRef("evry-xenakis", "xen1")
FULL = replace(full(Account), ref=REF)

ACCOUNTS = store_of(Accounts)


def read(item: dict[str, Any]) -> Account:
    account: Account = ACCOUNTS.parse(decode({"M": encode_item(item)}))
    return account


def test_the_course_of_a_pupil_that_stood_on_the_pupil_is_read_as_one_course_and_two_of_them_as_two() -> None:
    jeanne = {"name": "Jeanne", "born_on": "2015-03-09"}
    pupils = [
        jeanne | {"discipline": "clarinette", "level": "1C2"},
        {"name": "Paul"},
        jeanne | {"discipline": "formation musicale"},
    ]
    older = ACCOUNTS.encode(FULL) | {"household": {"pupils": pupils}}

    account = read(older)

    assert account.household.pupils == (
        Pupil("Jeanne", date(2015, 3, 9), (Course("clarinette", "1C2"), Course("formation musicale"))),
        Pupil("Paul"),
    )


def test_however_much_a_family_types_on_its_file_the_account_stays_far_below_what_dynamodb_takes() -> None:
    wide = "\N{MUSICAL SYMBOL G CLEF}"

    def typed(*names: str) -> tuple[str, ...]:
        return tuple(wide * form_fields.longest(name) for name in names)

    address, name = typed("voie", "code_postal", "ville", "pays"), wide * 100
    correction = Correction("address", address, address, Actor("family", name), NINE, "0123456789ab")
    (email,), (payer,), (telephone,) = typed("email"), typed("payeur"), typed("telephone")
    unproven = PendingEmail(
        "name", email, name, NINE, email, name, (MailedCode("d" * 64, "r" * 40),) * 3, ("t" * 8,) * 5
    )
    account = replace(
        FULL,
        emails=(email,) * ADDRESSES_AT_MOST,
        household=Household((Guardian(name, email, telephone),) * 4, address, FULL.household.pupils, payer),
        corrections=(correction,) * KEPT_AT_MOST,
        pending_email=unproven,
    )

    assert size_of(ACCOUNTS.encode(account)) < 200 * 1024
