"""The item of an account: every value comes back, and last year's items can still be read."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import fields as form_fields
from chalicelib.domain.account.accounts import (
    Account,
    AccountRef,
    FailingMailbox,
    MailedLetter,
    MailedPassword,
    Password,
)
from chalicelib.domain.account.email_addresses import ADDRESSES_AT_MOST
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.family.corrections import KEPT_AT_MOST, Actor, Confirmation, Correction
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, pupil_key
from chalicelib.infra.dynamo.values import decode, encode_item, size_of
from chalicelib.stores.accounts import Accounts
from tests.support.stored_examples import store_of

NINE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
REF = AccountRef("evry-xenakis", "xen1")
FULL = Account(
    ref=REF,
    name="Famille Rossignol",
    emails=("rossignol@example.org", "loriot@example.org"),
    stamp="stamp",
    role="staff",
    disabled=True,
    password=Password("hash", NINE, "chosen"),
    mailed_passwords=(MailedPassword("digest", NINE, "request"),),
    letters=(MailedLetter("request", NINE),),
    last_login=NINE,
    display_identifier="XEN 1",
    failing_mailboxes=(FailingMailbox("mailbox", "bounced", NINE),),
    household=Household(
        (
            Guardian("Mme Rossignol", "rossignol@example.org"),
            Guardian("M. Loriot", telephone="01 99 00 12 34", address=("1 rue du Lac", "91000 Evry"), login="xen1r2"),
        ),
        ("3 allée des Platanes", "91000 Evry"),
        (Pupil("Jeanne", date(2015, 3, 9), (Course("clarinette", "1C2"),)), Pupil("Paul")),
        "M. Loriot",
    ),
    imported=(("emails", "digest"), ("name", "digest")),
    gone_at=NINE,
    notices=(
        Notice("rentree", "mailbox", "sent", NINE, (("evry-magnard", "mag1"),)),
        Notice("rappel", "m", "sending", NINE),
    ),
    corrections=(Correction("payer", ("Mme Rossignol",), (), Actor("family", "M. Loriot"), NINE, "decision"),),
    access_corrections=(
        Correction(
            "emails", ("old@example.org",), ("new@example.org",), Actor("family", "M. Loriot"), NINE, "decision-2"
        ),
        Correction("password", ("mailed",), ("chosen",), Actor("family"), NINE, "stamp-2", session="login"),
    ),
    correction_times=(NINE,),
    confirmed=Confirmation("M. Loriot", NINE),
    pending_email=PendingEmail(
        "name",
        "new@example.org",
        "M. Loriot",
        NINE,
        "loriot@example.org",
        "M. Loriot",
        (MailedCode("digest", "r"),),
        ("t",),
    ),
    code_times=(NINE,),
    family="xen0",
    application="P27-K4TN-8WCB",
    separated_at=NINE,
)
# The fields of accounts before the office wing: such items are read unchanged.
BEFORE_THE_OFFICE = {
    *("site", "identifier", "name", "role", "emails", "disabled", "stamp", "password", "mailed", "letters"),
    *("last_login", "written", "failing"),
}

WORDS = st.text(min_size=1, max_size=20)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds are naive
    lambda when: when.replace(microsecond=0)
)
NOTICES = st.builds(
    Notice,
    campaign=WORDS,
    mailbox=WORDS,
    state=st.sampled_from(["sending", "sent", "delivered", "bounced", "complained"]),
    at=MOMENTS,
    companions=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
)
COURSES = st.builds(Course, *[st.text(max_size=9)] * 5)
HOUSEHOLDS = st.builds(
    Household,
    guardians=st.lists(st.builds(Guardian, WORDS, st.text(max_size=9), st.text(max_size=9)), max_size=4).map(tuple),
    address=st.lists(st.text(max_size=9), max_size=6).map(tuple),
    pupils=st.lists(
        st.builds(Pupil, WORDS, st.none() | st.dates(), st.lists(COURSES, max_size=3, unique=True).map(tuple)),
        max_size=3,
        unique_by=pupil_key,
    ).map(tuple),
    payer=st.text(max_size=9),
)


ACCOUNTS = store_of(Accounts)


def read(item: dict[str, Any]) -> Account:
    account: Account = ACCOUNTS.parse(decode({"M": encode_item(item)}))
    return account


def there_and_back(account: Account) -> Account:
    return read(ACCOUNTS.encode(account))


def test_everything_comes_back() -> None:
    assert there_and_back(FULL) == FULL


def test_the_example_of_this_test_holds_something_in_every_field() -> None:
    bare = Account(REF, "", (), "")

    names = [each.name for each in fields(Account) if each.compare]
    assert [name for name in names if getattr(FULL, name) == getattr(bare, name)] == ["ref"]


def test_an_account_that_holds_little_comes_back() -> None:
    bare = Account(REF, "Famille Rossignol", (), "stamp")

    assert there_and_back(bare) == bare


@settings(deadline=None)
@given(HOUSEHOLDS, st.lists(NOTICES, max_size=3, unique_by=lambda each: (each.campaign, each.mailbox)))
def test_every_household_and_every_notice_come_back(household: Household, notices: list[Notice]) -> None:
    account = replace(FULL, household=household, notices=tuple(notices))

    back = there_and_back(account)

    assert back.household == household
    assert set(back.notices) == set(notices)
    assert {each.writer for each in back.notices} == {each.writer for each in notices}


def test_an_account_of_before_the_office_s_side_is_read() -> None:
    older: dict[str, Any] = {name: value for name, value in ACCOUNTS.encode(FULL).items() if name in BEFORE_THE_OFFICE}

    account = read(older)

    without_family_area = replace(
        FULL,
        corrections=(),
        access_corrections=(),
        correction_times=(),
        confirmed=None,
        pending_email=None,
        code_times=(),
        family="",
        application="",
        separated_at=None,
    )
    assert account == replace(without_family_area, household=Household(), imported=(), gone_at=None, notices=())


@pytest.mark.parametrize("name", ["household", "imported", "gone_at", "notices", "failing", "written"])
def test_what_is_empty_takes_no_room(name: str) -> None:
    assert ACCOUNTS.encode(Account(REF, "Famille Rossignol", (), "stamp")).get(name) is None


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
    changed = Correction("address", address, address, Actor("family", name), NINE, "0123456789ab")
    (email,), (payer,), (telephone,) = typed("email"), typed("payeur"), typed("telephone")
    unproven = PendingEmail(
        "name", email, name, NINE, email, name, (MailedCode("d" * 64, "r" * 40),) * 3, ("t" * 8,) * 5
    )
    account = replace(
        FULL,
        emails=(email,) * ADDRESSES_AT_MOST,
        household=Household((Guardian(name, email, telephone),) * 4, address, FULL.household.pupils, payer),
        corrections=(changed,) * KEPT_AT_MOST,
        pending_email=unproven,
    )

    assert size_of(ACCOUNTS.encode(account)) < 200 * 1024
