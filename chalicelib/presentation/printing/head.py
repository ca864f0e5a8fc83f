"""The head of a paper: the network's logo and name, above a rule of its colour. The logo is drawn by its shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reportlab.lib.units import mm

from chalicelib.presentation.printing.fonts import BOLD, SANS
from chalicelib.presentation.printing.lines import LEADING, fit_lines
from chalicelib.presentation.printing.tags import HEIGHT, NAME, Path, PlacedLine, TaggedCanvas
from chalicelib.presentation.typography import in_text
from chalicelib.settings.logo import draw_logo, size_of

if TYPE_CHECKING:
    from chalicelib.settings.network import Network

_LEFT, _TOP, _RIGHT = 20.0, 9.0, 190.0  # mm
_LOGO: Final = (40.0, 14.0)  # mm: the widest and highest
_NAME_HEIGHT: Final = 8.0  # mm, without a logo
_BESIDE: Final = 4.0
_SIZES: Final = (15, 14, 13, 12, 11, 10, 9, 8, 7, 6)
_OWN_SIZES: Final = (9, 8.5, 8, 7.5, 7, 6.5, 6)
_DESCENT: Final = 0.3  # below the baseline, in sizes of the font
_FORM: Final = "logo"


def head_bottom(network: Network) -> float:
    """Say where the head ends, in mm from the top."""
    return _TOP + _height(network) + 1.5


def _height(network: Network) -> float:
    return _LOGO[1] if network.look.logo or network.look.name else _NAME_HEIGHT


def head_lines(network: Network) -> list[PlacedLine]:
    """Set the name, beside the logo if there is one, and above the network's own name if that is another."""
    left = _LEFT + (_logo_size(network)[0] + _BESIDE if network.look.logo else 0)
    own_name = network.name if network.name != network.banner else ""
    lines: list[PlacedLine] = []
    y = 0.0
    for path, text, font, sizes in ((NAME, network.banner, BOLD, _SIZES), ("P own-name", own_name, SANS, _OWN_SIZES)):
        if text:
            room, height = (
                (_RIGHT - left) * mm,
                (_height(network) - y - (_BESIDE if own_name and not lines else 0)) * mm,
            )
            size, parts = fit_lines((in_text(text),), font, sizes, room, height) or (sizes[-1], (in_text(text),))
            for part in parts:
                y += size * LEADING / mm
                lines.append(PlacedLine(part, left, y - size * _DESCENT / mm, font, size, (path,)))
    top = _TOP + (_height(network) - y) / 2
    return [replace(line, y=top + line.y) for line in lines]


def draw_head(canvas: TaggedCanvas, network: Network, within: Path = ()) -> None:
    """Draw the logo and the rule. A logo is written once in a file, however many its pages."""
    if logo := network.look.logo:
        across, height = _logo_size(network)
        box = (_LEFT * mm, HEIGHT - (_TOP + height) * mm, (_LEFT + across) * mm, HEIGHT - _TOP * mm)
        if not canvas.hasForm(_FORM):
            canvas.beginForm(_FORM, *box)  # type: ignore[arg-type]  # its stub wants whole numbers
            left, top, width, _ = size_of(logo)
            scale = (box[2] - box[0]) / width
            canvas.transform(scale, 0, 0, -scale, box[0] - left * scale, box[3] + top * scale)
            draw_logo(logo, canvas)
            canvas.end_form()
        with canvas.figure((*within, "Figure logo"), f"Logo : {network.banner}", box):
            canvas.doForm(_FORM)
    with canvas.decoration():
        canvas.setStrokeColor(canvas.accent)
        canvas.setLineWidth(1)
        rule = HEIGHT - head_bottom(network) * mm
        canvas.line(_LEFT * mm, rule, _RIGHT * mm, rule)


def _logo_size(network: Network) -> tuple[float, float]:
    _, _, across, height = size_of(network.look.logo or "")
    scale = min(_LOGO[0] / across, _LOGO[1] / height)
    return across * scale, height * scale
