"""Courses from families' files, equal for all spellings of a name."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.family.households import Course, Household, Pupil, PupilRef
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.wings.teaching.domain.courses import MOST_PUPILS, course_key, courses_of, timetables
from tests.support.teaching import BASILE, ODETTE, SITE, VIOLIN, ZELIE
from tests.support.world import ROSSIGNOL

NOW = datetime(2026, 11, 4, tzinfo=UTC)


def account(ref: AccountRef, *pupils: Pupil) -> Account:
    return Account(ref, "Famille", (), "stamp", household=Household(pupils=pupils))


def test_a_course_is_its_teacher_discipline_and_hour_whatever_room_and_level() -> None:
    assert course_key(VIOLIN) == course_key(replace(VIOLIN, place="ailleurs", level="Cycle 2", teacher="MME  PINSON"))
    assert course_key(VIOLIN) != course_key(replace(VIOLIN, slot="mercredi 15 h 15 - 16 h"))
    assert course_key(Course("Violon")) == teacher_key("") == ""


def test_timetables_gather_the_pupils_of_each_teacher_by_course() -> None:
    families = [account(ROSSIGNOL, ZELIE), account(AccountRef(SITE, "xen2"), BASILE, ODETTE)]
    leaver = replace(account(AccountRef(SITE, "xen4"), BASILE), gone_at=NOW)
    login = replace(account(AccountRef(SITE, "xen1r2"), ZELIE), role=GUARDIAN)

    results = timetables(SITE, [*families, leaver, login], NOW)

    assert [timetable.teacher for timetable in results] == ["M. Choucas", "Mme Pinson"]
    violin = results[1].course(course_key(VIOLIN))
    assert violin is not None
    assert [(pupil.name, pupil.ref.identifier) for pupil in violin.pupils] == [
        ("Basile Mésange", "xen2"),
        ("Zélie Rossignol", "xen1"),
    ]
    assert results[1].without("xen2").course(course_key(VIOLIN)) == replace(violin, pupils=violin.pupils[1:])


def test_a_family_s_courses_have_the_keys_of_its_teachers() -> None:
    family = account(ROSSIGNOL, ZELIE)
    (key,) = family.household.pupils_by_key

    assert list(courses_of(family, key)) == [course_key(course) for course in ZELIE.courses]
    assert courses_of(family, "00000000") == {}


def test_a_pupil_s_name_among_those_of_a_site_is_read_back() -> None:
    ref = PupilRef("un 7005", "0123abcd")

    assert PupilRef.parse(ref.name) == ref


def test_a_name_that_stands_for_nobody_yet_keeps_no_teacher_from_a_timetable() -> None:
    nobody = replace(VIOLIN, teacher="À définir", slot="")
    families = [
        account(AccountRef(SITE, f"xen{number}"), replace(ZELIE, courses=(nobody,)))
        for number in range(10, 11 + MOST_PUPILS)
    ]

    assert [one.teacher for one in timetables(SITE, [account(ROSSIGNOL, ZELIE), *families], NOW)] == ["Mme Pinson"]
    assert len(timetables(SITE, [account(ROSSIGNOL, ZELIE), *families[1:]], NOW)) == 2
