"""The fields of forms: single lines, no invisible characters, and a limit for each length."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import fields
from chalicelib.domain.account.identifiers import email_from

ANY = st.text(max_size=40) | st.text(alphabet="a é\r\n\t\v\f\x85\u2028\u2029\u202e\u200b\u3164\x00", max_size=20)

UNSEEN = {"Cf", "Cn", "Co", "Cs"}  # invisible characters from a copied text are removed, the others have no meaning


@pytest.mark.parametrize(
    "line_break", ["\r", "\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\t"]
)
def test_whatever_begins_a_line_is_a_blank_within_one(line_break: str) -> None:
    assert fields.in_one_line(f"Mme{line_break}Houx") == "Mme Houx"


@given(ANY)
def test_one_line_is_one_line_with_nothing_unseen_and_stays_as_it_is(text: str) -> None:
    line = fields.in_one_line(text)

    assert len(line.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Zl", "Zp"}
    assert not re.search(r"^\s|\s$|\s\s", line)
    assert fields.in_one_line(line) == line


@given(ANY)
def test_lines_are_separated_in_one_way_and_stay_as_they_are(text: str) -> None:
    lines = fields.in_lines(text)

    assert not {unicodedata.category(character) for character in lines.replace("\n", "")} & {"Cc", "Cf", "Zl", "Zp"}
    assert "\n\n\n" not in lines
    assert fields.in_lines(lines) == lines


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("payeur", 100),
        ("urgence_telephone", 60),
        ("telephone-12", 60),
        ("discipline-3", 300),
        ("jour-1-2", 300),
        ("papier-certificat-danse-1a2b3c4d", 300),
        ("envoyer-1a2b3c4d-2", 300),
        ("repris-remarque", 500),
        ("repris-jour-1-2", 300),
    ],
)
def test_a_field_is_found_by_its_name_numbered_or_carried(name: str, longest: int) -> None:
    assert fields.longest(name) == longest


@pytest.mark.parametrize(
    "name", ["", "telephone-", "payeur-1", "telephone-1\n", "key", "policy", "repris-key", "papier-é"]
)
def test_what_no_form_of_ours_has_is_not_declared(name: str) -> None:
    assert not fields.is_declared(name)
    with pytest.raises(KeyError):
        fields.of(name)


def test_a_length_is_counted_once_tidied_and_is_of_code_points() -> None:
    clef = "\N{MUSICAL SYMBOL G CLEF}"

    assert fields.too_long({"payeur": f"  {clef * 50}\u200b \n  {clef * 49}  "}) == {}
    assert fields.too_long({"payeur": "e\u0301" * 100, "key": "k" * 9000}) == {}
    assert fields.too_long({"payeur": "e" * 101, "remarque": "a\n" * 251, "vu": "v" * 301}) == {
        "payeur": 100,
        "remarque": 500,
        "vu": 300,
    }


def test_no_sign_of_unicode_becomes_another_one_of_an_ascii_address() -> None:
    signs = (sign for sign in map(chr, range(0x80, sys.maxunicode + 1)) if unicodedata.category(sign) not in UNSEEN)

    emails = {sign: email_from(fields.clean("email", f"{sign}@b.fr")) for sign in signs}

    assert [sign for sign, email in emails.items() if email and email.isascii()] == []


def test_a_password_is_neither_tidied_nor_too_long_and_what_waits_is_told_where_it_is_sent() -> None:
    text = "  Aa1\u2028 \u200b" * 500

    assert [fields.clean(name, text) for name in ("mot_de_passe", "actuel", "nouveau", "confirmation")] == [text] * 4
    assert fields.too_long({"mot_de_passe": text, "actuel": text, "repris-payeur": text}) == {}
