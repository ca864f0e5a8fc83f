"""A QR code as an outline: each dark module is covered once, none lies in the quiet zone; it is what was written."""

import re

import segno

from chalicelib.web.office.qr_code import QUIET, qr_code

TEXT = "otpauth://totp/R%C3%A9seau:troglodyte%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=R%C3%A9seau"


def test_the_outline_is_the_code() -> None:
    made = qr_code(TEXT)

    drawn = set[tuple[int, int]]()
    for x, y, width in (map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", made.path)):
        cells = {(at, y) for at in range(x, x + width)}
        assert not cells & drawn
        drawn |= cells
    rows = [list(row) for row in segno.make_qr(TEXT, error="m").matrix]
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert drawn == dark
    assert made.size == len(rows) + 2 * QUIET


def test_the_longest_address_has_a_picture_too() -> None:
    assert qr_code(f"{TEXT}&{'a' * 600}").size > 0
