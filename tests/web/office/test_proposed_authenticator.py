"""The key of an authenticator application, as a page proposes it."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import segno

from chalicelib.flows.staff.second_factor import ProposedKey
from chalicelib.web.office.proposed_authenticator import QUIET, proposed_authenticator, qr_code
from tests.support.staff import KEY, SECRETARY

TEXT = "otpauth://totp/R%C3%A9seau:troglodyte%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=R%C3%A9seau"


def test_the_outline_is_the_code() -> None:
    code = qr_code(TEXT)

    pixels = set[tuple[int, int]]()
    for x, y, width in (map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)):
        cells = {(at, y) for at in range(x, x + width)}
        assert not cells & pixels
        pixels |= cells
    rows = [list(row) for row in segno.make_qr(TEXT, error="m").matrix]
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert pixels == dark
    assert code.size == len(rows) + 2 * QUIET


def test_the_longest_address_has_a_picture_too() -> None:
    assert qr_code(f"{TEXT}&{'a' * 600}").size > 0


def test_a_key_is_typed_in_groups_opened_by_a_link_and_pictured() -> None:
    key = ProposedKey(SECRETARY, KEY, "sealed")

    page = proposed_authenticator("Réseau des conservatoires 91", key)

    assert page.key.replace(" ", "") == KEY
    assert {len(group) for group in page.key.split()} == {4}
    link = urlsplit(page.link)
    assert (link.scheme, link.netloc) == ("otpauth", "totp")
    assert unquote(link.path) == f"/Réseau des conservatoires 91:{SECRETARY}"
    assert parse_qs(link.query)["secret"] == [KEY]
    assert page.picture.path
    assert KEY not in repr(page)
