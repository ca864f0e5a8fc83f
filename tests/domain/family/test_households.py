"""The household: its `repr` shows no personal data."""

import re
from datetime import date

import pytest

from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, given_names, merge_pupils, pupil_key


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Léo Rossignol", "Léo"),
        ("ROSSIGNOL Léo", "Léo"),
        ("Jean-Marie Rossignol", "Jean-Marie"),
        ("Zoé Rossignol-Merle", "Zoé"),
        ("DE LA TOUR Anne-Lise", "Anne-Lise"),
        ("Léo Merle", "Léo Merle"),
        ("ROSSIGNOL LÉO", "LÉO"),
        ("Rossignol", "Rossignol"),
        ("A Rossignol", "A"),
    ],
)
def test_a_first_name_is_what_is_not_the_family_s(name: str, first: str) -> None:
    assert given_names((Pupil(name),), "Famille Rossignol") == (first,)


def test_each_is_told_once_in_the_order_of_the_pupils() -> None:
    pupils = (Pupil("Zoé Rossignol"), Pupil("Léo Rossignol"), Pupil("Zoé ROSSIGNOL"))

    assert given_names(pupils, "M. et Mme Rossignol") == ("Zoé", "Léo")


CLARINET = Household(
    guardians=(Guardian("Mme Rossignol", "rossignol@example.org"), Guardian("M. Rossignol")),
    address=("3 allée des Platanes", "91000 Evry"),
    pupils=(Pupil("Jeanne", date(2015, 3, 9), (Course("clarinette", "1C2"),)),),
)


def test_printed_in_a_traceback_it_tells_no_address_and_no_birth_date() -> None:
    text = repr(CLARINET)

    assert "clarinette" in text
    assert not [secret for secret in ("rossignol@example.org", "Platanes", "2015") if secret in text]


BIRTHDAY = date(2008, 3, 9)


@pytest.mark.parametrize(
    ("today", "adult"), [(date(2026, 3, 8), False), (date(2026, 3, 9), True), (date(2026, 12, 1), True)]
)
def test_a_pupil_is_an_adult_from_the_eighteenth_birthday(today: date, adult: bool) -> None:
    assert Pupil("Jeanne", BIRTHDAY).is_adult(today) is adult


def test_a_pupil_of_an_unknown_birth_date_is_no_adult() -> None:
    assert not Pupil("Jeanne").is_adult(date(2026, 3, 9))


def test_a_pupil_has_a_short_key_that_spelling_does_not_change_and_that_tells_nothing() -> None:
    key = pupil_key(Pupil("Zoé D'Été", BIRTHDAY))

    assert key == pupil_key(Pupil("ZOE D ETE", BIRTHDAY, (Course("alto"),))) != pupil_key(Pupil("Zoé D'Été"))
    assert re.fullmatch("[0-9a-f]{8}", key)


def test_two_pupils_that_would_share_a_key_are_numbered() -> None:
    zoes = (Pupil("Zoé", BIRTHDAY), Pupil("ZOE", BIRTHDAY), Pupil("Zoë", BIRTHDAY))
    key = pupil_key(zoes[0])

    assert Household(pupils=zoes).pupils_by_key == {key: zoes[0], f"{key}-2": zoes[1], f"{key}-3": zoes[2]}


def test_a_pupil_listed_twice_is_one_with_each_course_once() -> None:
    alto, chant = Course("alto"), Course("chant")

    pupils = merge_pupils((Pupil("Zoé", BIRTHDAY, (alto,)), Pupil("Zoé"), Pupil("ZOÉ", BIRTHDAY, (alto, chant))))

    assert pupils == (Pupil("Zoé", BIRTHDAY, (alto, chant)), Pupil("Zoé"))


def test_two_files_that_say_the_same_give_the_same_household() -> None:
    again = Household(
        CLARINET.guardians, CLARINET.address, (Pupil("Jeanne", date(2015, 3, 9), (Course("clarinette", "1C2"),)),)
    )

    assert again == CLARINET
    assert hash(again) == hash(CLARINET)
    assert Household() != CLARINET
