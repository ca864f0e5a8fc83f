"""The key of an authenticator as a page proposes it: as text, as a link, as a picture."""

from dataclasses import field
from typing import Final

from chalicelib.domain.staff.totp import otpauth
from chalicelib.flows.staff.second_factor import ProposedKey
from chalicelib.values import frozen

QUIET: Final = 4  # white modules around it (ISO/IEC 18004)


@frozen
class QrCode:
    """A QR code: its width and height in modules, and its dark modules as the `d` of a path."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Draw a text, readable with about 15 % of the picture damaged (error correction level M)."""
    # Imported here: only one page needs it, and the start stays fast (docs/performance.md).
    import segno  # noqa: PLC0415

    symbol = segno.make_qr(text, error="m")
    rows = [[bool(module) for module in row] for row in symbol.matrix]
    lines = (line for y, row in enumerate(rows, QUIET) for line in _lines(row, y))
    return QrCode(len(rows) + 2 * QUIET, "".join(lines))


def _lines(row: list[bool], y: int) -> list[str]:
    """Write the dark runs of a row, each as a rectangle of one module's height."""
    starts = [x for x, dark in enumerate(row) if dark and (x == 0 or not row[x - 1])]
    ends = [x for x, dark in enumerate(row, 1) if dark and (x == len(row) or not row[x])]
    return [f"M{start + QUIET} {y}h{end - start}v1h-{end - start}z" for start, end in zip(starts, ends, strict=True)]


_GROUP: Final = 4  # letters typed at once


@frozen
class ProposedAuthenticator:
    """The facts of `office/authenticator.html`."""

    key: str = field(repr=False)  # in groups
    link: str = field(repr=False)
    picture: QrCode = field(repr=False)
    seal: str = field(repr=False)  # as the form sends it back


def proposed_authenticator(network: str, proposal: ProposedKey) -> ProposedAuthenticator:
    """Write a key in each form that authenticators take."""
    key, link = proposal.key, otpauth(proposal.key, network, proposal.email)
    groups = " ".join(key[at : at + _GROUP] for at in range(0, len(key), _GROUP))
    return ProposedAuthenticator(groups, link, qr_code(link), proposal.seal)
