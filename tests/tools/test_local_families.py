"""The families of `make run`: each has a whole household, and every case worth trying exists."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.family.households import merge_pupils
from chalicelib.wings.teaching.domain.courses import timetables
from chalicelib.wings.teaching.domain.school_years import Slot
from tools.local.families import FAMILIES, SampleFamily
from tools.local.staff import STAFF

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: f"{family.site}-{family.identifier}")
def test_a_family_has_a_whole_household(family: SampleFamily) -> None:
    household = family.household

    assert all(each.telephone.startswith("01 99 00 ") for each in household.guardians)
    assert household.address
    assert household.pupils
    assert household.payer in {"", *(each.name for each in household.guardians)}
    assert merge_pupils(household.pupils) == household.pupils


def test_there_is_one_for_each_thing_worth_trying() -> None:
    households = {(family.site, family.identifier): family.household for family in FAMILIES}
    rossignol = households["ris-orangis-messiaen", "MES4001"].pupils
    pupils = [pupil for household in households.values() for pupil in household.pupils]

    assert [len(pupil.courses) for pupil in rossignol] == [2, 1, 1]
    assert rossignol[2].courses[0].discipline == "Danse classique"
    assert [pupil.name for pupil in pupils if pupil.is_adult(TODAY)] == ["Solène D'Églantine-Noël"]
    assert len(households["evry-magnard", "MAG2003"].guardians) == 2
    assert [pupil.name for pupil in pupils if not pupil.courses] == ["Paulin Fermée"]
    duo = [households[site, "DUO6001"] for site in ("evry-magnard", "evry-xenakis")]
    assert duo[0].guardians == duo[1].guardians


def test_each_teacher_to_try_has_courses_one_of_them_a_lesson_on_every_day_of_the_week_and_groups() -> None:
    accounts = (Account(family.ref, family.name, (), "stamp", household=family.household) for family in FAMILIES)
    row = {row.teacher: row for row in timetables("evry-xenakis", accounts, datetime(2026, 6, 1, tzinfo=UTC))}
    names_by_email = {staff.email: staff.names for staff in STAFF if staff.role == "teacher"}
    courses = {name: row[name].courses for names in names_by_email.values() for name in names}

    assert len(courses) == len(names_by_email) == 2
    assert {Slot.parse(course.slot).weekday for course in courses["Mme Pinson"]} == set(range(6))
    assert sorted(len(course.pupils) for course in courses["Mme Pinson"])[-2:] == [3, 3]
    assert {len(course.pupils) for course in courses["M. Roitelet"]} == {1}
