"""Another guardian's coordinates are hidden in any format, and restored when they come back hidden."""

from dataclasses import replace
from typing import Final

import pytest

from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import PupilFile
from chalicelib.domain.family.redaction import HIDDEN, hide, patterns_of, unhide

PATTERNS: Final = patterns_of(
    ("come@example.org", ""), ("06 99 00 20 02 / +352 691 123 456", ""), ("3 allée des Tilleuls", " ")
)
ANSWERS: Final = HouseholdAnswers(emergency_name="M. Merle", emergency_telephone="06 99 00 20 02 / 01 99 00 10 02")


@pytest.mark.parametrize(
    "text",
    [
        *("06 99 00 20 02", "0699002002", "06.99.00.20.02", "06-99-00-20-02", "+33 6 99 00 20 02", "0033699002002"),
        *("+33 (0)6 99 00 20 02", "06\N{NO-BREAK SPACE}99 00 20 02", "+352 691 123 456", "+352691123456"),
        *("come@example.org", "Come@Example.ORG", "3 allée des Tilleuls", "3  ALLÉE\ndes tilleuls"),
        *(
            "3, allee des Tilleuls",
            "3 ALLEE DES TILLEULS",
            "06,99,00,20,02",
            "06 – 99 – 00 – 20 – 02",
            "00352 691 123 456",
        ),
    ],
)
def test_it_is_hidden_however_it_is_typed(text: str) -> None:
    assert hide(f"Appeler {text}, merci", PATTERNS).replace("+", "") == f"Appeler {HIDDEN}, merci"


@pytest.mark.parametrize("text", ["06 99 00 20 03", "106990020020", "xcome@example.org", "13 allée des Tilleuls", ""])
def test_what_is_something_else_stays(text: str) -> None:
    assert hide(text, PATTERNS) == text


def test_it_is_hidden_wherever_it_stands_in_a_value() -> None:
    file = PupilFile("key", "Zélie", PupilAnswers(stays=True, remark="Au 06 99 00 20 02."))

    assert hide((file, 3, None), PATTERNS) == (
        replace(file, draft=PupilAnswers(stays=True, remark=f"Au {HIDDEN}.")),
        3,
        None,
    )
    assert hide(file, ()) is file


def test_what_comes_back_hidden_is_put_back_and_what_is_typed_beside_it_is_taken() -> None:
    view = hide(ANSWERS, PATTERNS)
    assert view.emergency_telephone == f"{HIDDEN} / 01 99 00 10 02"

    assert unhide(view, ANSWERS, PATTERNS) == ANSWERS
    answers = replace(view, emergency_telephone=f"01 99 00 10 03 / {HIDDEN}", payer="Mme Houx")
    assert unhide(answers, ANSWERS, PATTERNS) == replace(
        ANSWERS, emergency_telephone="01 99 00 10 03 / 06 99 00 20 02", payer="Mme Houx"
    )


@pytest.mark.parametrize("text", [f"5{HIDDEN}", f"x{HIDDEN}", f"{HIDDEN}5", f"{HIDDEN}x", f"Mme Houx 0{HIDDEN}, a"])
@pytest.mark.parametrize("secret", ["+33699002002", "0699002002", "come@example.org", "3 allée des Tilleuls"])
def test_a_mark_to_which_something_is_joined_shows_nothing_once_it_is_seen_again(text: str, secret: str) -> None:
    on_file = HouseholdAnswers(pickup_persons=f"Mme Houx, {secret}")

    answers = unhide(replace(on_file, pickup_persons=text), on_file, PATTERNS)

    assert secret not in hide(answers, PATTERNS).pickup_persons


def test_a_line_without_accents_on_file_is_hidden_with_them_too() -> None:
    assert hide("Au 3 allée des Tilleuls", patterns_of((), (), ("3 ALLEE DES TILLEULS",))) == f"Au {HIDDEN}"


def test_more_marks_than_there_is_hidden_stay_marks() -> None:
    assert unhide(replace(ANSWERS, payer=HIDDEN), ANSWERS, PATTERNS).payer == HIDDEN
    assert unhide(replace(ANSWERS, payer=HIDDEN), None, PATTERNS).payer == HIDDEN
