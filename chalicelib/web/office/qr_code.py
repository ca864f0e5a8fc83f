"""A QR code, as the outline of an SVG: the template draws it, and nothing in it is markup."""

from typing import Final

from chalicelib.values import frozen

QUIET: Final = 4  # modules around it that stay white (ISO/IEC 18004)


@frozen
class QrCode:
    """Its width and height in modules, and the dark ones: the `d` of a path."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Draw a text, with so much of it said twice that a fifth of the picture may be unreadable."""
    # Imported here: one page of the desk shows one, and its start need not wait (docs/performance.md).
    import segno  # noqa: PLC0415

    made = segno.make_qr(text, error="m")
    rows = [[bool(module) for module in row] for row in made.matrix]
    lines = (line for y, row in enumerate(rows, QUIET) for line in _lines(row, y))
    return QrCode(len(rows) + 2 * QUIET, "".join(lines))


def _lines(row: list[bool], y: int) -> list[str]:
    """Write the dark runs of a row, each a rectangle of one module's height."""
    starts = [x for x, dark in enumerate(row) if dark and (x == 0 or not row[x - 1])]
    ends = [x for x, dark in enumerate(row, 1) if dark and (x == len(row) or not row[x])]
    return [f"M{start + QUIET} {y}h{end - start}v1h-{end - start}z" for start, end in zip(starts, ends, strict=True)]
