"""Likely typing errors in addresses: reported if a well-known domain is one slip away, and only then."""

import pytest

from chalicelib.domain.roster.typing_errors import KNOWN, likely_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
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
def test_a_slip_is_told_with_what_was_probably_meant(typed: str, meant: str) -> None:
    assert likely_meant(typed) == meant


@pytest.mark.parametrize("domain", sorted(KNOWN))
def test_a_well_known_domain_is_right(domain: str) -> None:
    assert likely_meant(f"merle@{domain}") is None


@pytest.mark.parametrize("domain", ["example.org", "ymail.com", "live.com", "orange.com", "mail.example.fr", "gmx.fr"])
def test_another_domain_is_nobodys_slip(domain: str) -> None:
    assert likely_meant(f"merle@{domain}") is None
