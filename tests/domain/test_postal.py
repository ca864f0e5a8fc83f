"""Postal addresses: as La Poste's machines read them, with nothing lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.postal import capitals, postal_lines, postcode_of


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("12 bis, rue de l'Église", "12 BIS RUE DE L EGLISE"),
        ("Résidence « Les Œillets » (bât. C)", "RESIDENCE LES OEILLETS BAT C"),
        ("Évry-Courcouronnes", "EVRY COURCOURONNES"),
        ("L'Haÿ-les-Roses", "L HAY LES ROSES"),
        ("Straße des Ærø, Łódź, Đà Nẵng", "STRASSE DES AERO LODZ DA NANG"),
        ("  5\u00a0allée\tdes Tilleuls ", "5 ALLEE DES TILLEULS"),
        ("1er étage, n° 4", "1ER ETAGE N 4"),
        ("Γεώργιος Жуков 山田", "ΓΕΩΡΓΙΟΣ ЖУКОВ 山田"),
        ("서울", "서울"),
    ],
)
def test_lines_are_in_capitals_without_accents_or_signs(typed: str, printed: str) -> None:
    assert capitals(typed) == printed
    assert capitals(unicodedata.normalize("NFD", typed)) == printed


@given(st.text(st.characters(codec="ascii")))
def test_no_letter_or_digit_is_lost(typed: str) -> None:
    assert capitals(typed).replace(" ", "") == "".join(c for c in typed.upper() if c.isalnum())


@given(st.text())
def test_what_is_in_capitals_stays_as_it_is(typed: str) -> None:
    printed = capitals(typed)

    assert capitals(printed) == printed == " ".join(printed.split())


@pytest.mark.parametrize(
    ("address", "lines", "postcode"),
    [
        (("3 rue Basse", "91000 Évry"), ("3 RUE BASSE", "91000 EVRY"), "91000"),
        (("3 rue Basse", "", "91 000 Évry"), ("3 RUE BASSE", "91000 EVRY"), "91000"),
        (("3 rue Basse", "F-91000 Évry Cedex 2"), ("3 RUE BASSE", "91000 EVRY CEDEX 2"), "91000"),
        (("12 345 appartements", "75011 Paris"), ("12 345 APPARTEMENTS", "75011 PARIS"), "75011"),
        (("3 rue Basse", "01000 Bourg", "France"), ("3 RUE BASSE", "01000 BOURG", "FRANCE"), "01000"),
        (("Rue Haute 3", "1000 Bruxelles", "Belgique"), ("RUE HAUTE 3", "1000 BRUXELLES", "BELGIQUE"), ""),
        (("910001 rue Basse", "Évry"), ("910001 RUE BASSE", "EVRY"), ""),
        ((), (), ""),
        (("", " - "), (), ""),
    ],
)
def test_the_postcode_is_in_one_piece_before_the_town(
    address: tuple[str, ...], lines: tuple[str, ...], postcode: str
) -> None:
    assert postal_lines(address) == lines
    assert postcode_of(address) == postcode
