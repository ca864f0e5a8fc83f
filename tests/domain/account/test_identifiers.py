"""Identifiers and e-mail addresses: one normal form each, and no two users confused."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.account.identifiers import EMAIL_LENGTH, IDENTIFIER_LENGTH, email_from, identifier_from

ANYTHING = st.text(st.characters(exclude_categories=()))  # lone surrogates too
INVISIBLE = st.text(st.characters(categories=["Zs", "Zl", "Zp", "Cc", "Cf"]), max_size=3)
FRENCH = st.text(string.ascii_letters + string.digits + "-_.éèêëàâçîïôûùüœæÉÈÊËÀÂÇÎÏÔÛÙÜŒÆ", min_size=1, max_size=20)
LOCAL_PARTS = st.text(string.ascii_letters + string.digits + "._+-éıſKİß", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        pytest.param("xen1", "xen1", id="as given"),
        pytest.param("XEN1", "xen1", id="capitals"),
        pytest.param(" xen1 ", "xen1", id="blanks around"),
        pytest.param("xen 1", "xen1", id="blank inside"),
        pytest.param("xen\N{NO-BREAK SPACE}1", "xen1", id="no-break space"),
        pytest.param("xen\N{NARROW NO-BREAK SPACE}1", "xen1", id="narrow no-break space"),
        pytest.param("\N{ZERO WIDTH NO-BREAK SPACE}xen1", "xen1", id="byte order mark"),
        pytest.param("xen\N{ZERO WIDTH SPACE}1", "xen1", id="zero width space"),
        pytest.param("xe\N{SOFT HYPHEN}n1", "xen1", id="soft hyphen"),
        pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}xen1\t\r\n", "xen1", id="controls"),
        pytest.param("xen\0001", "xen1", id="NUL"),
        pytest.param("xen1\ud800", "xen1", id="lone surrogate"),
        pytest.param("ｘｅｎ１", "xen1", id="full width"),
        pytest.param("Xénakis-1", "xénakis-1", id="accent kept"),
        pytest.param("Xe\N{COMBINING ACUTE ACCENT}nakis-1", "xénakis-1", id="accent apart"),
        pytest.param("Xe\N{ZERO WIDTH SPACE}\N{COMBINING ACUTE ACCENT}nakis-1", "xénakis-1", id="accent cut off"),
        pytest.param("STRASSE", "strasse", id="capitals of ß"),
        pytest.param("Straße", "strasse", id="ß"),
        pytest.param("", "", id="nothing"),
        pytest.param(" \t\N{ZERO WIDTH SPACE}", "", id="nothing to see"),
        pytest.param("x" * IDENTIFIER_LENGTH, "x" * IDENTIFIER_LENGTH, id="as long as can be"),
        pytest.param("x" * (IDENTIFIER_LENGTH + 1), "", id="too long"),
        pytest.param(" " * 500 + "xen1", "xen1", id="blanks do not make it too long"),
        pytest.param("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 5, "", id="too long once spelled out"),
    ],
)
def test_an_identifier_has_one_spelling(text: str, identifier: str) -> None:
    assert identifier_from(text) == identifier


@pytest.mark.parametrize(("text", "other"), [("xen1", "xen2"), ("xen1", "xen-1"), ("xenakis", "xénakis"), ("0", "o")])
def test_identifiers_that_differ_to_the_eye_stay_apart(text: str, other: str) -> None:
    assert identifier_from(text) != identifier_from(other)


@given(ANYTHING)
def test_an_identifier_spelled_once_is_spelled_for_good(word: str) -> None:
    once = identifier_from(word)

    assert identifier_from(once) == once


@given(ANYTHING)
def test_an_identifier_may_stand_in_a_key_or_a_pseudonym(word: str) -> None:
    identifier = identifier_from(word)

    assert identifier.isprintable()
    assert " " not in identifier
    assert len(identifier) <= IDENTIFIER_LENGTH
    assert identifier.encode().decode() == identifier


@given(FRENCH)
def test_case_does_not_matter_in_an_identifier(word: str) -> None:
    assert identifier_from(word.upper()) == identifier_from(word.lower()) == identifier_from(word) != ""


@given(FRENCH, st.data())
def test_blanks_and_invisible_characters_do_not_matter_in_an_identifier(typed: str, data: st.DataObject) -> None:
    littered = "".join(data.draw(INVISIBLE) + character for character in typed) + data.draw(INVISIBLE)

    assert identifier_from(littered) == identifier_from(typed)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        pytest.param("rossignol@example.org", "rossignol@example.org", id="as given"),
        pytest.param("Rossignol@Example.ORG", "rossignol@example.org", id="capitals"),
        pytest.param("  rossignol@example.org\t", "rossignol@example.org", id="blanks around"),
        pytest.param("\N{NO-BREAK SPACE}rossignol@example.org", "rossignol@example.org", id="no-break space before"),
        pytest.param("r.o+clef@sub.example.org", "r.o+clef@sub.example.org", id="dots and a plus"),
        pytest.param("ROSSIGNOLÉ@example.org", "rossignolÉ@example.org", id="only ASCII is folded"),
    ],
)
def test_an_address_has_one_spelling(text: str, email: str) -> None:
    assert email_from(text) == email


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("rossignol", id="no at"),
        pytest.param("rossignol@", id="nothing behind it"),
        pytest.param("@example.org", id="nothing before it"),
        pytest.param("rossignol@example", id="no dot"),
        pytest.param("rossignol@example.", id="ends with a dot"),
        pytest.param("rossignol@.org", id="begins with a dot"),
        pytest.param("rossignol@example..org", id="two dots"),
        pytest.param("rossignol@@example.org", id="two at"),
        pytest.param("rossignol@example.org, merle@example.org", id="two addresses"),
        pytest.param("rossignol@example.org,merle@example.org", id="two addresses without a blank"),
        pytest.param("rossignol,merle@example.org", id="comma"),
        pytest.param("rossignol;merle@example.org", id="semicolon"),
        pytest.param("<rossignol@example.org>", id="angle brackets"),
        pytest.param("Rossignol<rossignol@example.org>", id="a name before it"),
        pytest.param('"rossi gnol"@example.org', id="quoted"),
        pytest.param("rossignol(oiseau)@example.org", id="comment"),
        pytest.param("rossignol@[192.0.2.7]", id="network address"),
        pytest.param("mailto:rossignol@example.org", id="a link"),
        pytest.param("rossi gnol@example.org", id="blank inside"),
        pytest.param("rossignol@example.org\r\nBcc: merle@example.org", id="a line of its own"),
        pytest.param("rossi\N{ZERO WIDTH SPACE}gnol@example.org", id="zero width space"),
        pytest.param("rossignol\ud800@example.org", id="lone surrogate"),
        pytest.param("rossignol\0@example.org", id="NUL"),
        pytest.param("r" * (EMAIL_LENGTH - len("@example.org") + 1) + "@example.org", id="too long"),
    ],
)
def test_what_is_no_address_gives_none(text: str) -> None:
    assert email_from(text) == ""


def test_an_address_may_be_as_long_as_the_standard_says() -> None:
    longest = "r" * (EMAIL_LENGTH - len("@example.org")) + "@example.org"

    assert email_from(longest) == longest


@pytest.mark.parametrize(
    ("stranger", "family"),
    [
        pytest.param("\N{KELVIN SIGN}eller@example.org", "keller@example.org", id="Kelvin sign"),
        pytest.param("p\N{LATIN SMALL LETTER DOTLESS I}e@example.org", "pie@example.org", id="dotless i"),
        pytest.param("PIE@example.org".replace("I", "İ"), "pie@example.org", id="dotted capital I"),
        pytest.param("pinson@\N{LATIN SMALL LETTER LONG S}ite.example", "pinson@site.example", id="long s"),
        pytest.param("strauß@example.org", "strauss@example.org", id="ß"),
        pytest.param("ｐie@example.org", "pie@example.org", id="full width"),
        pytest.param("pie@ex\N{COMBINING ACUTE ACCENT}ample.org", "pie@example.org", id="accent"),
    ],
)
def test_no_stranger_is_taken_for_a_family_by_a_unicode_fold(stranger: str, family: str) -> None:
    assert email_from(stranger) != email_from(family) == family


@given(ANYTHING | st.emails())
def test_an_address_spelled_once_is_spelled_for_good(word: str) -> None:
    once = email_from(word)

    assert email_from(once) == once


@given(LOCAL_PARTS, LOCAL_PARTS)
@example("k", "\N{KELVIN SIGN}")
@example("I", "ı")
def test_two_addresses_are_one_only_when_ascii_case_is_all_that_differs(word: str, other: str) -> None:
    same = email_from(f"{word}@example.org") == email_from(f"{other}@example.org")

    assert same == (_ascii_lower(word) == _ascii_lower(other))


def _ascii_lower(text: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)
