"""Which pupils are meant: by a name as one says it, or all that wait; never one of whom nothing is to be decided."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.office.enrolment.pupils import sent_pupils
from chalicelib.office.enrolment.reenrolments import Family
from chalicelib.office.refusals import OfficeRefusal
from tests.support.enrolled import CHANGES, GOES_ON, LEAVES, NUMBERS, draft_again, judge, new_enrolment, send_pupils
from tests.support.world import ROSSIGNOL

NAMES = ("Zélie Rossignol", "Léo Rossignol", "Ève Rossignol", "Léo-Paul Rossignol")
HOUSEHOLD = Household(pupils=tuple(map(Pupil, NAMES)))
ZELIE, LEO, EVE, PAUL = HOUSEHOLD.pupils_by_key
ACCOUNT = Account(ROSSIGNOL, "Famille Rossignol", (), "s", household=HOUSEHOLD)
DRAFTS = new_enrolment(
    ROSSIGNOL,
    ((ZELIE, NAMES[0], GOES_ON), (LEO, NAMES[1], CHANGES), (EVE, NAMES[2], LEAVES), (PAUL, NAMES[3], GOES_ON)),
)
SENT = send_pupils(DRAFTS, NUMBERS[0], ZELIE, LEO, EVE)


def names_of(enrolment: Enrolment, *names: str, everybody: bool = False, number: str | None = None) -> list[str]:
    family = Family(ACCOUNT, enrolment)
    return [pupil.file.name for pupil in sent_pupils(family, names, everybody=everybody, number=number)]


@pytest.mark.parametrize("name", ["Zélie Rossignol", "zelie", "ROSSIGNOL Zélie", " Zélie "])
def test_a_pupil_is_meant_by_its_name_or_a_part_of_it(name: str) -> None:
    assert names_of(SENT, name) == ["Zélie Rossignol"]


def test_a_whole_name_is_that_pupil_though_it_is_a_part_of_another() -> None:
    assert names_of(SENT, "Léo Rossignol") == ["Léo Rossignol"]


def test_several_are_meant_once_each() -> None:
    assert names_of(SENT, "zélie", "Léo Rossignol", "Zélie") == ["Zélie Rossignol", "Léo Rossignol"]


def test_all_are_those_that_wait_else_those_that_were_decided_of() -> None:
    one = judge(SENT, ZELIE, "accepted")
    both = judge(one, LEO, "declined")

    assert names_of(SENT, everybody=True) == ["Zélie Rossignol", "Léo Rossignol"]
    assert names_of(one, everybody=True) == ["Léo Rossignol"]
    assert names_of(both, everybody=True) == ["Zélie Rossignol", "Léo Rossignol"]
    assert names_of(judge(SENT, LEO, "to_complete"), everybody=True) == ["Zélie Rossignol", "Léo Rossignol"]


def test_all_of_a_receipt_are_those_of_it_that_were_not_sent_again() -> None:
    again = send_pupils(draft_again(SENT, LEO, GOES_ON), NUMBERS[1], LEO)

    assert names_of(again, everybody=True, number=NUMBERS[0]) == ["Zélie Rossignol"]
    assert names_of(again, everybody=True, number=NUMBERS[1]) == ["Léo Rossignol"]
    with pytest.raises(OfficeRefusal) as refused:
        names_of(again, "Léo Rossignol", number=NUMBERS[0])
    assert refused.value.code == "decide_receipt_old"
    assert NUMBERS[1] in refused.value.sentence


@pytest.mark.parametrize(
    ("enrolment", "names", "everybody", "code"),
    [
        (SENT, (), False, "decide_nobody"),
        (SENT, ("Noé",), False, "decide_pupil_unknown"),
        (SENT, (" - ",), False, "decide_pupil_unknown"),
        (SENT, ("Rossignol",), False, "decide_pupil_unsure"),
        (SENT, ("Paul",), False, "decide_nothing_sent"),
        (SENT, ("Zélie", "Ève"), False, "decide_leaving"),
        (DRAFTS, (), True, "decide_nothing"),
        (send_pupils(DRAFTS, NUMBERS[0], EVE), (), True, "decide_nothing"),
    ],
)
def test_who_is_not_to_be_decided_of_is_refused(
    enrolment: Enrolment, names: tuple[str, ...], everybody: bool, code: str
) -> None:
    with pytest.raises(OfficeRefusal) as refused:
        names_of(enrolment, *names, everybody=everybody)

    assert refused.value.code == code


def test_a_family_without_pupils_says_so() -> None:
    with pytest.raises(OfficeRefusal) as refused:
        sent_pupils(
            Family(replace(ACCOUNT, household=Household()), new_enrolment(ROSSIGNOL, ())),
            (),
            everybody=False,
            number=None,
        )

    assert "aucun" in refused.value.sentence
