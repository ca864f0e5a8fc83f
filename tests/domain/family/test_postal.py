"""Postal addresses: in La Poste's format, without losses."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.family.postal import Address, capitals, postal_lines, postcode_of


@pytest.mark.parametrize(
    ("text", "words"),
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
def test_lines_are_in_capitals_without_accents_or_signs(text: str, words: str) -> None:
    assert capitals(text) == words
    assert capitals(unicodedata.normalize("NFD", text)) == words


@given(st.text(st.characters(codec="ascii")))
def test_no_letter_or_digit_is_lost(line: str) -> None:
    assert capitals(line).replace(" ", "") == "".join(c for c in line.upper() if c.isalnum())


@given(st.text())
def test_what_is_in_capitals_stays_as_it_is(line: str) -> None:
    text = capitals(line)

    assert capitals(text) == text == " ".join(text.split())


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
def test_the_postcode_is_whole_before_the_town(address: tuple[str, ...], lines: tuple[str, ...], postcode: str) -> None:
    assert postal_lines(address) == lines
    assert postcode_of(address) == postcode


@pytest.mark.parametrize(
    ("on_file", "parts"),
    [
        (("3 allée des Tilleuls", "91000 Evry"), Address(("3 allée des Tilleuls",), "91000", "Evry")),
        (("Bât. C", "3 rue X", "91 000 Evry Cedex"), Address(("Bât. C", "3 rue X"), "91000", "Evry Cedex")),
        (("1 rue Y", "F-91000 Evry"), Address(("1 rue Y",), "91000", "Evry")),
        (("Weg 4", "76131 Karlsruhe", "Allemagne"), Address(("Weg 4",), "76131", "Karlsruhe", "Allemagne")),
        (("12345 chemin du Bois", "91000 Evry"), Address(("12345 chemin du Bois",), "91000", "Evry")),
        (("rue Z", "Evry"), Address(("rue Z", "Evry"))),
        (("Bât. C", "12 rue Z", "Evry"), Address(("Bât. C", "12 rue Z", "Evry"))),
        (("Rue 3", "1000 Bruxelles", "Belgique"), Address(("Rue 3",), "1000", "Bruxelles", "Belgique")),
        (("Rue 3", "L-1234 Luxembourg", "Luxembourg"), Address(("Rue 3",), "L-1234", "Luxembourg", "Luxembourg")),
        (("Lot 3", "101 Antananarivo", "Madagascar"), Address(("Lot 3",), "101", "Antananarivo", "Madagascar")),
        (("Le Mas", "1250 route de Nice", "Vence"), Address(("Le Mas", "1250 route de Nice", "Vence"))),
        (("1 Rd", "SW1A 1AA London", "UK"), Address(("1 Rd",), "SW1A 1AA", "London", "UK")),
        ((), Address()),
    ],
)
def test_an_address_on_file_is_taken_apart_for_the_form(on_file: tuple[str, ...], parts: Address) -> None:
    assert Address.from_lines(on_file) == parts


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ((["5 rue du Blé"], "91000", "Evry", ""), ("5 rue du Blé", "91000 Evry")),
        ((["5 rue du Blé"], " 91 000 ", "Evry", "france"), ("5 rue du Blé", "91000 Evry")),
        ((["5 rue du Blé"], "", "91000 Evry", ""), ("5 rue du Blé", "91000 Evry")),
        ((["5 rue du Blé"], "91000", "91000 Evry", ""), ("5 rue du Blé", "91000 Evry")),
        ((["", " . ", "Bât. C", "5 rue"], "91000", "Evry", ""), ("Bât. C", "5 rue", "91000 Evry")),
        ((["Rue 5"], "L-1234", "Luxembourg", "Luxembourg"), ("Rue 5", "L-1234 Luxembourg", "Luxembourg")),
        ((["a", "b", "c", "d"], "91000", "Evry", ""), ("a", "b", "c", "d", "91000 Evry")),
    ],
)
def test_an_address_is_read_kindly(parts: tuple[list[str], str, str, str], lines: tuple[str, ...]) -> None:
    address = Address.from_form(*parts)

    assert (address.lines, address.errors) == (lines, {})


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        (([], "91000", "Evry", ""), {"voie": ("address_missing",)}),
        ((["a"] * 5, "91000", "Evry", ""), {"voie": ("address_too_many_lines",)}),
        ((["a"] * 4, "1000", "Bruxelles", "Belgique"), {"voie": ("address_too_many_lines",)}),
        ((["a" * 39], "91000", "Evry", ""), {"voie": ("line_too_long",)}),
        ((["œ" * 20], "91000", "Evry", ""), {"voie": ("line_too_long",)}),  # as the post writes it: OE
        ((["a"], "9100", "Evry", ""), {"code_postal": ("postcode_malformed",)}),
        ((["a"], "\u0669\u0661\u0660\u0660\u0660", "Evry", ""), {"code_postal": ("postcode_malformed",)}),
        ((["a"], "1234", "Genève", ""), {"code_postal": ("postcode_malformed",)}),
        ((["a"], "91000", "-", ""), {"ville": ("town_missing",)}),
        ((["a"], "91000", "b" * 33, ""), {"ville": ("line_too_long",)}),
        ((["a"], "1234", "Genève", "c" * 39), {"pays": ("line_too_long",)}),
    ],
)
def test_what_the_post_could_not_read_is_told_beside_its_field(
    parts: tuple[list[str], str, str, str], rows: dict[str, tuple[str, ...]]
) -> None:
    assert Address.from_form(*parts).errors == rows


@pytest.mark.parametrize("line", ["a" * 38, "é" * 38])
def test_a_line_of_38_characters_is_read(line: str) -> None:
    assert Address.from_form([line], "91000", "b" * 32, "").errors == {}


def test_no_address_shows_where_it_is_printed() -> None:
    assert "Tilleuls" not in repr(Address(("3 allée des Tilleuls",), "91000", "Evry"))
