"""Colours as « #rrggbb »: their contrast (WCAG 2.2), and their lightness, chroma and hue in OKLCH (Björn Ottosson)."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

_CHROMA_STEP: Final = 0.95
_LIGHTNESS_STEP: Final = 0.005


class Oklch(NamedTuple):
    """A colour as it is seen: its lightness from 0 to 1, its chroma, and its hue in radians."""

    lightness: float
    chroma: float
    hue: float


def contrast(text: str, under: str) -> float:
    """Compute the contrast of two colours, from 1 to 21."""
    dark, light = sorted(map(_luminance, (text, under)))
    return (light + 0.05) / (dark + 0.05)


def oklch(colour: str) -> Oklch:
    """Convert a colour to OKLCH."""
    red, green, blue = _linear(colour)
    l, m, s = (  # noqa: E741 - the names of the three cones
        math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue),
        math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue),
        math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue),
    )
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return Oklch(0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, math.hypot(a, b), math.atan2(b, a))


def colour_of(polar: Oklch) -> str:
    """Convert OKLCH to a colour. One that no screen shows loses chroma until one does."""
    lightness, chroma, hue = min(max(polar.lightness, 0.0), 1.0), polar.chroma, polar.hue
    while True:
        parts = _linear_parts(lightness, chroma * math.cos(hue), chroma * math.sin(hue))
        if all(-0.0005 <= part <= 1.0005 for part in parts):  # noqa: PLR2004 - half of a step of 1/255, and less
            return "#" + "".join(f"{round(_encode(min(max(part, 0.0), 1.0)) * 255):02x}" for part in parts)
        chroma = chroma * _CHROMA_STEP if chroma > 0.001 else 0.0  # noqa: PLR2004 - which nobody sees


def nearest(colour: str, holds: Callable[[str], bool]) -> str | None:
    """Find the shade of a colour for which something holds, with the least change of lightness."""
    polar = oklch(colour)
    for step in range(1, round(1 / _LIGHTNESS_STEP)):
        for lightness in (polar.lightness - step * _LIGHTNESS_STEP, polar.lightness + step * _LIGHTNESS_STEP):
            shade = colour_of(polar._replace(lightness=lightness))
            if 0 <= lightness <= 1 and holds(shade):
                return shade
    return None


def _linear(colour: str) -> list[float]:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004


def _encode(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB's


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear_parts(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741 - the names of the three cones
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
