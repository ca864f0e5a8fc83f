"""The addresses of a row: normalised, with unusable ones left out and reported."""

import pytest

from chalicelib.domain.roster.row_emails import KNOWN, Addresses, addresses_of, likely_meant
from chalicelib.domain.roster.yearly_file import Row, RowNotes


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("merle@gmial.com", "merle@gmail.com"),
        ("merle@gmai.com", "merle@gmail.com"),
        ("merle@gmaill.com", "merle@gmail.com"),
        ("merle@gmail.con", "merle@gmail.com"),
        ("merle@gmail.co", "merle@gmail.com"),
        ("merle@gmail.fr", "merle@gmail.com"),
        ("merle@orang.fr", "merle@orange.fr"),
        ("merle@orange.ft", "merle@orange.fr"),
        ("merle@wanado.fr", "merle@wanadoo.fr"),
        ("merle@hotmial.fr", "merle@hotmail.fr"),
        ("merle@laposte.fr", "merle@laposte.net"),
        ("merle@yaho.fr", "merle@yahoo.fr"),
    ],
)
def test_a_slip_is_told_with_what_was_probably_meant(text: str, email: str) -> None:
    assert likely_meant(text) == email


@pytest.mark.parametrize("domain", sorted(KNOWN))
def test_a_well_known_domain_is_right(domain: str) -> None:
    assert likely_meant(f"merle@{domain}") is None


@pytest.mark.parametrize("domain", ["example.org", "ymail.com", "live.com", "orange.com", "mail.example.fr", "gmx.fr"])
def test_another_domain_is_nobodys_slip(domain: str) -> None:
    assert likely_meant(f"merle@{domain}") is None


def emails_from(*cells: str) -> tuple[Addresses, RowNotes]:
    notes = RowNotes(7)
    row = Row(7, {("email", number): cell for number, cell in enumerate(cells, start=1)})
    return addresses_of(row, notes), notes


def codes(notes: RowNotes) -> list[str]:
    return [anomaly.code for anomaly in notes.anomalies]


def test_addresses_are_normalised_and_keep_their_order_and_their_columns() -> None:
    addresses, notes = emails_from("Merle@Example.org", "", "grive@example.fr")

    assert addresses.all == ("merle@example.org", "grive@example.fr")
    assert (addresses.of(1), addresses.of(2), addresses.of(3)) == ("merle@example.org", "", "grive@example.fr")
    assert notes.anomalies == []


@pytest.mark.parametrize("between", ["; ", ",", "\n", " ", " ; "])
def test_a_cell_may_hold_several_addresses(between: str) -> None:
    addresses, notes = emails_from(f"merle@example.org{between}grive@example.fr")

    assert addresses.all == ("merle@example.org", "grive@example.fr")
    assert notes.anomalies == []


@pytest.mark.parametrize(
    "cell",
    [
        "jean merle@example.org",
        "jean,merle@example.org",
        "jean;merle@example.org",
        "merle@example",
        "merle.example.org",
        "merle@@example.org",
        "néant",
        "Mme Merle <merle@example.org>",
        f"{'m' * 250}@example.org",
        "=merle@example.org, x",
    ],
)
def test_what_is_no_address_is_left_out_whole_rather_than_read_as_somebody_elses(cell: str) -> None:
    addresses, notes = emails_from(cell)

    assert addresses.all == ()
    assert codes(notes) == ["row_email_unreadable"]
    assert notes.anomalies[0].facts == {"email": cell}
    assert notes.doubted == {"emails"}


@pytest.mark.parametrize("cell", ["hélène@example.org", "merle@exämple.org"])
def test_an_address_that_mails_cannot_reach_is_left_out(cell: str) -> None:
    addresses, notes = emails_from(cell, "grive@example.fr")

    assert addresses.all == ("grive@example.fr",)
    assert codes(notes) == ["row_email_accented"]
    assert notes.doubted == {"emails"}


def test_a_likely_slip_is_told_and_not_mended() -> None:
    addresses, notes = emails_from("merle@gmial.com")

    assert addresses.all == ("merle@gmial.com",)
    assert codes(notes) == ["row_email_typing"]
    assert notes.anomalies[0].facts == {"email": "merle@gmial.com", "meant": "merle@gmail.com"}
    assert notes.doubted == set()


def test_a_family_without_an_address_is_told() -> None:
    _, notes = emails_from("", "")

    assert codes(notes) == ["row_without_email"]


def test_a_file_without_a_column_of_addresses_says_nothing_of_each_row() -> None:
    _, notes = emails_from()

    assert notes.anomalies == []


def test_a_fifth_address_is_one_too_many_and_the_same_one_again_is_not() -> None:
    addresses, notes = emails_from(
        "a@example.org;b@example.org;c@example.org", "a@example.org;d@example.org;e@example.org"
    )

    assert addresses.all == tuple(f"{letter}@example.org" for letter in "abcd")
    assert codes(notes) == ["row_emails_too_many"]
