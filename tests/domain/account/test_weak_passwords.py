"""Guessable passwords: disguised words, keyboard runs, the user's own names (the list itself: test_passwords)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account.weak_passwords import fold, is_common, is_own

WORDS = frozenset({"soleil", "iloveyou", "motdepasse", "azerty", "1v7upjw3nt"})


def test_a_word_is_seen_through_digits_signs_capitals_and_accents() -> None:
    passwords = (
        *("soleil", "SOLEIL", "Soleil91", "91soleil", "?!Soleil2026!", "S0leil", "50leil91", "so-l-eil", "$ole1l"),
        *("SoleilSoleil", "Soleil1Soleil1", "1loveyou", "!loveyou2", "Mot de passe 7", "M0tDeP@553", "1V7upjw3nt"),
        *("Soleil91a", "XSoleil91", "91-soleils", "91soleil-A"),
    )

    assert [password for password in passwords if not is_common(password, WORDS)] == []


def test_keys_in_a_row_say_nothing() -> None:
    rows = (
        *("aaaaaaaa", "Aaaaaaa1", "abcdefgh", "Hgfedcba1", "azertyuiop", "Qsdfghjklm1", "poiuytrez9", "Qwertzui1"),
        *(
            "12345678",
            "98765432Ab",
            "A1b2c3d4",
            "abab1212",
            "xyxyxyxy",
            "Ab1!Ab1!",
            "aaabbbccc1",
            "Abc!123",
            "Aa19061985",
        ),
    )

    assert [password for password in rows if not is_common(password, ())] == []


@pytest.mark.parametrize("password", ["Loriot6Jaune", "ΩmegaΩmega1", "kX7#mqP2", "Lø6\\'\";--{{7*7}}", "Vélo-Brume-42"])
def test_what_takes_guessing_is_neither(password: str) -> None:
    assert not is_common(password, WORDS)
    assert not is_own(password, "xen1", ["Evry - Xénakis", "Zoé"])


def test_a_short_identifier_is_looked_for_alone_and_a_longer_one_anywhere() -> None:
    assert [is_own(password, "ab1", ()) for password in ("Ab1", "A-b-1!", "Ab1Loriot")] == [True, True, False]
    assert [is_own(password, "xen1", ()) for password in ("Xen1", "MonXEN1deux", "Xe n1!!", "Xen2")] == [
        *(True, True, True, False)
    ]
    assert [is_own(password, "mag2003", ()) for password in ("M4g2003ab", "xM@G2OO3", "Mag2OO4ab")] == [
        *(True, True, False)
    ]
    assert not is_own("Loriot6Jaune", "", ())


def test_names_are_seen_with_the_small_words_that_join_them() -> None:
    names = ["Evry - Xénakis", "Mme Anaïs Genévrier", "Léo Genévrier", "Agathe Sorbier"]
    passwords = (
        *("Agatheetleo1", "LéoEtAgathe91", "Famillegenevrier1", "Conservatoiredevry1", "Conservatoire-Xénakis-91"),
        *("LaFamilleSorbier2", "Les2Sorbier", "MmeGenevrier1"),
    )

    assert [password for password in passwords if not is_own(password, "mag2003", names)] == []
    assert not is_own("LaLaLaDe1", "mag2003", names)
    assert not is_own("AgatheEtLoriot1", "mag2003", names)


@given(st.text(max_size=64), st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_typed_gets_an_answer(password: str, identifier: str, names: list[str]) -> None:
    assert is_common(password, WORDS) in {True, False}
    assert is_own(password, identifier, names) in {True, False}
    assert fold(fold(password)) == fold(password)
