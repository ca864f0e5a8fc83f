"""The names under which an account is found by a passkey or a person of FranceConnect."""

from chalicelib.domain.account.login_methods import passkey_name, subject_of
from chalicelib.domain.account.pseudonyms import Pseudonyms


def test_the_name_of_a_passkey_fits_a_key_however_long_its_id() -> None:
    assert len(passkey_name(1400 * "x")) == len(passkey_name("x")) < 100
    assert passkey_name("x") != passkey_name("y")


def test_a_person_has_another_subject_at_another_provider_and_stage() -> None:
    key, second = Pseudonyms("a" * 32), Pseudonyms("b" * 32)

    subjects = {
        subject_of(key, "https://fc", "1"),
        subject_of(key, "https://pc", "1"),
        subject_of(second, "https://fc", "1"),
    }

    assert len(subjects) == 3
