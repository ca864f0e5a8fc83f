"""Which pupils are meant: by a name as one says it, or all that wait; never one of whom nothing is to be decided."""

from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.households import Household, Pupil
from chalicelib.office.enrolment.pupils import sent_pupils
from chalicelib.office.enrolment.reenrolments import Family
from chalicelib.office.refused import Refused
from tests.support.enrolled import CHANGES, GOES_ON, LEAVES, NUMBERS, begun, judged, redrafted, sent
from tests.support.world import ROSSIGNOL

NAMES = ("Zélie Rossignol", "Léo Rossignol", "Ève Rossignol", "Léo-Paul Rossignol")
HOUSEHOLD = Household(pupils=tuple(map(Pupil, NAMES)))
ZELIE, LEO, EVE, PAUL = HOUSEHOLD.keyed_pupils
ACCOUNT = Account(ROSSIGNOL, "Famille Rossignol", (), "s", household=HOUSEHOLD)
DRAFTS = begun(
    ROSSIGNOL,
    ((ZELIE, NAMES[0], GOES_ON), (LEO, NAMES[1], CHANGES), (EVE, NAMES[2], LEAVES), (PAUL, NAMES[3], GOES_ON)),
)
SENT = sent(DRAFTS, NUMBERS[0], ZELIE, LEO, EVE)


def meant(enrolment: Enrolment, *names: str, everybody: bool = False, number: str | None = None) -> list[str]:
    family = Family(ACCOUNT, enrolment)
    return [each.file.name for each in sent_pupils(family, names, everybody=everybody, number=number)]


@pytest.mark.parametrize("name", ["Zélie Rossignol", "zelie", "ROSSIGNOL Zélie", " Zélie "])
def test_a_pupil_is_meant_by_its_name_or_a_part_of_it(name: str) -> None:
    assert meant(SENT, name) == ["Zélie Rossignol"]


def test_a_whole_name_is_that_pupil_though_it_is_a_part_of_another() -> None:
    assert meant(SENT, "Léo Rossignol") == ["Léo Rossignol"]


def test_several_are_meant_once_each() -> None:
    assert meant(SENT, "zélie", "Léo Rossignol", "Zélie") == ["Zélie Rossignol", "Léo Rossignol"]


def test_all_are_those_that_wait_else_those_that_were_decided_of() -> None:
    one = judged(SENT, ZELIE, "accepted")
    both = judged(one, LEO, "declined")

    assert meant(SENT, everybody=True) == ["Zélie Rossignol", "Léo Rossignol"]
    assert meant(one, everybody=True) == ["Léo Rossignol"]
    assert meant(both, everybody=True) == ["Zélie Rossignol", "Léo Rossignol"]
    assert meant(judged(SENT, LEO, "to_complete"), everybody=True) == ["Zélie Rossignol", "Léo Rossignol"]


def test_all_of_a_receipt_are_those_of_it_that_were_not_sent_again() -> None:
    again = sent(redrafted(SENT, LEO, GOES_ON), NUMBERS[1], LEO)

    assert meant(again, everybody=True, number=NUMBERS[0]) == ["Zélie Rossignol"]
    assert meant(again, everybody=True, number=NUMBERS[1]) == ["Léo Rossignol"]
    with pytest.raises(Refused) as refused:
        meant(again, "Léo Rossignol", number=NUMBERS[0])
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
        (sent(DRAFTS, NUMBERS[0], EVE), (), True, "decide_nothing"),
    ],
)
def test_who_is_not_to_be_decided_of_is_refused(
    enrolment: Enrolment, names: tuple[str, ...], everybody: bool, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        meant(enrolment, *names, everybody=everybody)

    assert refused.value.code == code


def test_a_family_without_pupils_says_so() -> None:
    with pytest.raises(Refused) as refused:
        sent_pupils(
            Family(replace(ACCOUNT, household=Household()), begun(ROSSIGNOL, ())), (), everybody=False, number=None
        )

    assert "aucun" in refused.value.sentence
