"""Random files, with corrections between them: an account changes exactly as the import listed."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import record_corrections, with_part
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.corrections import FILE, Actor
from chalicelib.domain.roster.row_families import AccountUpdate, ListedFamily, new_account, update_account
from chalicelib.domain.roster.rows import read_row
from chalicelib.domain.roster.yearly_file import Row
from tests.support.family_files import SITES, TODAY
from tests.support.guardian_files import EMAILS, GUARDIANS, ONCE, OWN, TELEPHONES, values

NOW: Final = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PSEUDONYMS: Final = Pseudonyms("a key of some thirty-two characters")


@st.composite
def files(draw: st.DrawFn, silent: st.SearchStrategy[set[str]]) -> ListedFamily:
    """Draw a file's row of a family, with some columns absent."""
    without = draw(silent)
    cells = {(word, 1): draw(st.sampled_from(values)) for word, values in ONCE.items() if word not in without}
    for number in range(1, draw(st.integers(1, 3)) + 1):
        cells |= {
            (word, number): draw(st.sampled_from(values)) for word, values in GUARDIANS.items() if word not in without
        }
    family = read_row(Row(2, OWN | cells), SITES, TODAY).family
    assert family
    return family


WHOLE: Final = files(st.just(set()))
ANY: Final = files(st.sets(st.sampled_from(["guardian", "email", "telephone", "guardian_address", "address", "payer"])))


@st.composite
def corrected(draw: st.DrawFn, account: Account) -> Account:
    """Draw acts of family and office between two files: corrections, logins, separation."""
    household = account.household
    after = account
    if draw(st.booleans()):
        telephones = tuple(draw(st.sampled_from(TELEPHONES)) for _ in household.guardians)
        after = replace(after, household=with_part(after.household, "telephones", telephones))
    if draw(st.booleans()) and account.emails:
        change = EmailChange(draw(st.sampled_from(EMAILS)) or None, draw(st.sampled_from(account.emails)))
        after = apply_email_change(after, change, PSEUDONYMS)
    if draw(st.booleans()) and household.guardians:
        place = draw(st.integers(0, len(household.guardians) - 1))
        guardians = list(after.household.guardians)
        guardians[place] = replace(guardians[place], login=f"xen1r{place + 2}")
        after = replace(after, household=replace(after.household, guardians=tuple(guardians)))
    after = replace(after, separated_at=NOW if draw(st.booleans()) else None)
    return record_corrections(account, after, Actor("family", "x"), NOW)


def import_file(account: Account, family: ListedFamily) -> AccountUpdate:
    update = update_account(account, family, PSEUDONYMS)
    return replace(update, after=record_corrections(account, update.after, FILE, NOW + timedelta(days=1)))


def read_back(before: Account, update: AccountUpdate) -> dict[str, Any]:
    """Compute the account after from the account before and the listed changes, as a person would."""
    stood = values(before)
    changes = {difference.what: difference.file for difference in update.changed}
    after: dict[str, Any] = stood | changes
    if "emails" in changes and values(update.after)["guardian_emails"] != after["guardian_emails"]:
        after["guardian_emails"] = _in_places(stood, after)
    return after


def _in_places(stood: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """Give guardians the addresses of their places, or else the replacements of their own ones."""

    def ordered(emails: tuple[str, ...], guardians: tuple[str, ...]) -> tuple[str, ...]:
        return (*emails, *("" for _ in guardians))[: len(guardians)]

    if stood["guardian_emails"] == ordered(stood["emails"], stood["guardians"]):
        return ordered(after["emails"], after["guardians"])
    new_emails = dict(zip(stood["emails"], after["emails"], strict=True))
    return tuple(new_emails.get(email, email) for email in stood["guardian_emails"])


@settings(max_examples=60)
@given(st.data())
def test_what_differs_after_an_import_is_what_it_showed(data: st.DataObject) -> None:
    account = new_account(data.draw(ANY))
    for _ in range(2):
        account, file = data.draw(corrected(account)), data.draw(ANY)

        update = import_file(account, file)

        assert read_back(account, update) == values(update.after)
        assert {difference.what for difference in update.changed if difference.ours == difference.file} == set()
        again = import_file(update.after, file)
        assert (again.after, again.changed) == (update.after, ())
        account = update.after


@settings(max_examples=60)
@given(st.lists(ANY, min_size=1, max_size=3), WHOLE)
def test_without_corrections_the_last_file_makes_the_account(files: list[ListedFamily], last: ListedFamily) -> None:
    account = new_account(files[0])
    for file in (*files[1:], last):
        update = import_file(account, file)
        account = update.after

    assert update.kept == ()
    listed = {*last.listed_fields, "guardian_emails"}  # where a number has no name, the telephones are not all known
    assert {what: value for what, value in values(account).items() if what in listed} == {
        what: value for what, value in values(new_account(last)).items() if what in listed
    }


# The people of one family, as different files spell them. A digit of each value shows its owner.
PEOPLE: Final = (("Mme Dupont", "M. Dupont", "Mme Rose Martin"), ("Dupont", "Dupont", "Rose Martin"))
OWNER: Final = re.compile(r"^\d(?=\d@)|\d(?=\d$)|^\d(?= rue)|(?<=r)\d$")


@st.composite
def files_of_people(draw: st.DrawFn) -> list[ListedFamily]:
    """Draw files with the same people: at their places, or in any order with constant addresses."""
    is_ordered, listed_families = draw(st.booleans()), list[ListedFamily]()
    for _ in range(draw(st.integers(2, 4))):
        without = draw(st.sets(st.sampled_from(["telephone", "guardian_address", "email" if is_ordered else "payer"])))
        cells, names = {("name", 1): "Famille Dupont"}, draw(st.sampled_from(PEOPLE))
        for number, person in enumerate(
            (0, 1, 2) if is_ordered or not listed_families else draw(st.permutations((0, 1, 2))), 1
        ):
            rows = {
                "guardian": names[person],
                "email": f"{person}{draw(st.integers(0, 2)) if is_ordered else 0}@example.org",
                "telephone": draw(st.sampled_from(["", f"01 99 00 00 {person}1", f"01 99 00 00 {person}2"])),
                "guardian_address": draw(st.sampled_from(["", f"{person} rue du Lac"])),
            }
            cells |= {(word, number): cell for word, cell in rows.items() if word not in without}
        family = read_row(Row(2, OWN | cells), SITES, TODAY).family
        assert family
        listed_families.append(family)
    return listed_families


@settings(max_examples=60)
@given(files_of_people(), st.sets(st.integers(0, 2), max_size=2))
def test_nothing_of_a_guardian_becomes_another_s(files: list[ListedFamily], with_login: set[int]) -> None:
    account = new_account(files[0])
    guardians = (
        replace(guardian, login=f"xen1r{person}" if person in with_login else "")
        for person, guardian in enumerate(account.household.guardians)
    )
    account = replace(account, household=replace(account.household, guardians=tuple(guardians)))

    for file in files[1:]:
        account = import_file(account, file).after

        for guardian in account.household.guardians:
            facts = (guardian.email, guardian.telephone, " ".join(guardian.address), guardian.login)
            assert len({digit for value in facts for digit in OWNER.findall(value)}) < 2, facts
