"""The look of a network: `[look]` in `network.toml`. No other place has a hue: they name roles."""

from dataclasses import field
from functools import cached_property
from typing import Final

from chalicelib.settings.colours import Oklch, colour_of, oklch
from chalicelib.settings.parts import Part, text
from chalicelib.values import frozen

_COLOUR: Final = {"pattern": r"^#[0-9a-f]{6}$"}
_INK, _GROUND, _ACCENT = "#23211d", "#f7f5f0", "#1c5144"
_USUAL: Final = {"ink": _INK, "ground": _GROUND, "accent": _ACCENT}
_MOST_CHROMA: Final = 1.3  # of the usual look's: a vivid ink has no vivid greys

# A role: its source, its hue in the usual look, and whether its lightness is its source's, with the usual distance.
_LIGHT: Final[dict[str, tuple[str, str, bool]]] = {
    "ink": ("ink", _INK, True),
    "soft": ("ink", "#57534a", False),
    "ground": ("ground", _GROUND, True),
    "line": ("ground", "#ddd5c6", True),
    "edge": ("ground", "#cfc5b2", True),
    "frame": ("ground", "#ece5d8", True),
    "field": ("ground", "#857c6c", False),
    "mark": ("ground", "#a9792b", False),
    "brass": ("ground", "#e0bd7c", False),  # with ivory, on the deep accent
    "ivory": ("ground", "#fbf8f1", False),
    "accent": ("accent", _ACCENT, True),
    "deep": ("accent", "#173f36", True),
    "hover": ("accent", "#173f36", True),
    "tint": ("accent", "#edf4f0", False),
}
_DARK: Final[dict[str, tuple[str, str, bool]]] = {
    "ink": ("ink", "#ece8de", False),
    "soft": ("ink", "#b9b3a5", False),
    "ground": ("accent", "#151816", False),
    "sheet": ("accent", "#1e2320", False),
    "well": ("accent", "#151816", False),
    "line": ("accent", "#3a403b", False),
    "edge": ("accent", "#4c524c", False),
    "frame": ("accent", "#343a35", False),
    "field": ("ground", "#8b8676", False),
    "mark": ("ground", "#e0bd7c", False),
    "accent": ("accent", "#8fd3bb", False),
    "hover": ("accent", "#b5e6d4", False),
    "on": ("accent", "#10261f", False),
    "tint": ("accent", "#1a2a24", False),
}
# What every network has: white sheets, and what warns.
_ALWAYS: Final = {
    "sheet": "#ffffff",
    "well": "#ffffff",
    "on": "#ffffff",
    "shade": "#0003",
    "alert": "#a3201c",
    "warm": "#fcf0ee",
    "focus": "#8a4b00",
}
_ALWAYS_DARK: Final = {"shade": "#000c", "alert": "#ffb4a9", "warm": "#2c1917", "focus": "#f2c879"}


@frozen
class Look(Part):
    """The logo, the name beside it, three colours, and a picture of each site.

    `logo`, `pictures`: names of files beside `network.toml`, which has the logo itself once it is read
    (`look_files.py`).
    """

    logo: str | None = None
    name: str | None = field(default=None, metadata=text("Nom à côté du logo"))  # by default the network's
    ink: str = field(default=_INK, metadata=_COLOUR)
    ground: str = field(default=_GROUND, metadata=_COLOUR)
    accent: str = field(default=_ACCENT, metadata=_COLOUR)
    pictures: dict[str, str] = field(default_factory=dict)  # by a site's code

    @cached_property
    def light(self) -> dict[str, str]:
        """The colours of the roles, in a light page, a mail and a print."""
        return _ALWAYS | {role: self._turn(*about) for role, about in _LIGHT.items()}

    @cached_property
    def dark(self) -> dict[str, str]:
        """The colours of the roles, in a dark page. Those of the banner are the same."""
        return self.light | _ALWAYS_DARK | {role: self._turn(*about) for role, about in _DARK.items()}

    @cached_property
    def sheet(self) -> str:
        """The roles as custom properties, which a style sheet begins with."""
        light = "".join(f"--{role}:{colour};" for role, colour in self.light.items())
        dark = "".join(f"--{role}:{colour};" for role, colour in self.dark.items() if colour != self.light[role])
        return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"

    def __hash__(self) -> int:
        """Hash all but the pictures, a mapping."""
        return hash((self.logo, self.name, self.ink, self.ground, self.accent))

    def _turn(self, source: str, usual: str, is_as_light: bool) -> str:  # noqa: FBT001 - a row of the table
        """Turn a hue of the usual look to the colour of its source."""
        if getattr(self, source) == _USUAL[source]:
            return usual
        if usual == _USUAL[source]:
            return str(getattr(self, source))
        new, old, role = map(oklch, (getattr(self, source), _USUAL[source], usual))
        chroma = new.chroma / old.chroma
        if not (source == "accent" and is_as_light):
            chroma = min(chroma, _MOST_CHROMA)
        lightness = role.lightness + (new.lightness - old.lightness if is_as_light else 0)
        return colour_of(Oklch(lightness, role.chroma * chroma, role.hue + new.hue - old.hue))
