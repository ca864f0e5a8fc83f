"""The rule for staff passwords: long, of any characters, and not guessable."""

import time

import pytest

from chalicelib.domain.staff.staff_passwords import STAFF_RULE, StaffPasswordRule
from chalicelib.presentation.sentences import SENTENCES
from chalicelib.settings.network import common_passwords

RULE = StaffPasswordRule(common=common_passwords)
EMAIL = "basile.troglodyte@example.org"
NAMES = ("Basile Troglodyte", "Réseau des conservatoires 91", "Evry - Xénakis")


def violations(password: str) -> tuple[str, ...]:
    return RULE.violations(password, EMAIL, *NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "quatre hautbois sous la neige",
        "onze et un !",
        "CORRECT CHEVAL PILE AGRAFE",
        "9f3Kq-2xV7w!",
        "\N{MUSICAL KEYBOARD}\N{VIOLIN} un deux quatre cinq",
        "troglodyte sous la pluie du lundi",
        ("un hautbois joue le la, " * 6)[:128],
    ],
)
def test_any_long_password_that_nobody_guesses_is_taken(password: str) -> None:
    assert violations(password) == ()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("onze lettre", "staff_password_too_short"),
        ("a b" * 43, "staff_password_too_long"),
        ("motdepasse2026", "staff_password_common"),
        ("M0tDeP@sse!!", "staff_password_common"),
        ("azertyuiopqs", "staff_password_common"),
        ("1234567890123456", "staff_password_common"),
        ("motdepasse" * 5, "staff_password_common"),
        ("aaaaaaaaaaaaaaaa", "staff_password_common"),
        (EMAIL, "staff_password_own_name"),
        (f"!{EMAIL.upper()}2026", "staff_password_own_name"),
        (EMAIL * 4, "staff_password_own_name"),
        ("basile.troglodyte", "staff_password_own_name"),
        ("Troglodyte-Basile-1978", "staff_password_own_name"),
        ("conservatoire xenakis", "staff_password_own_name"),
    ],
)
def test_what_a_guesser_tries_first_is_not(password: str, code: str) -> None:
    assert violations(password) == (code,)


def test_the_sentences_say_the_lengths_of_the_rule() -> None:
    assert f"{STAFF_RULE.shortest} caractères" in SENTENCES["staff_password_too_short"]
    assert f"{STAFF_RULE.longest} caractères" in SENTENCES["staff_password_too_long"]


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("1" * 63 + "a" + "1" * 64, id="digits"),
        pytest.param("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 128, id="ligatures"),
    ],
)
def test_no_password_takes_long_to_look_at(password: str) -> None:
    start = time.process_time()

    violations(password)

    assert time.process_time() - start < 0.2
