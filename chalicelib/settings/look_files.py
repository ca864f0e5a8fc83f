"""The files of a look, and the contrast of its colours, checked before they are run, packaged or deployed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from chalicelib.settings.colours import contrast, nearest
from chalicelib.settings.logo import draw_logo
from chalicelib.settings.look import Look

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LARGEST_LOGO: Final = 30_000
_LARGEST_PICTURE: Final = 200_000
_PICTURES: Final = (".jpg", ".png", ".webp")
_SHAPES: Final = re.compile(
    "svg|g|defs|title|desc|path|rect|circle|ellipse|line|polyline|polygon|linearGradient|radialGradient|stop"
)
_STYLES: Final = re.compile(
    "fill(-opacity|-rule)?|stroke(-dasharray|-line(cap|join)|-miterlimit|-opacity|-width)?|opacity|stop-(color|opacity)"
)
_ATTRIBUTES: Final = re.compile(
    f"{_STYLES.pattern}|id|viewBox|width|height|x[12]?|y[12]?|c[xy]|r[xy]?|f[xy]|d|points|offset|spreadMethod|"
    "transform|gradient(Units|Transform)"
)
_VALUE: Final = re.compile(r"((?!url\()[^<>&;{}\\])*|url\(#[\w-]+\)", re.IGNORECASE)  # none that loads anything
_VIEW: Final = re.compile(r"\A-?[\d.]+([ ,]+-?[\d.]+){3}")

# What is read on what, and at least with which contrast (WCAG 2.2: 1.4.3 for text, 1.4.11 for fields and the focus).
_TEXT, _SHAPE = 4.5, 3.0
_GROUNDS: Final = ("ground", "sheet", "well", "tint", "frame", "warm")
PAIRS: Final = (
    *((text, under, _TEXT) for text in ("ink", "soft", "accent", "alert") for under in _GROUNDS),
    ("on", "accent", _TEXT),
    ("on", "hover", _TEXT),
    ("ivory", "deep", _TEXT),
    ("brass", "deep", _SHAPE),
    *(("focus", under, _SHAPE) for under in _GROUNDS),
    *(("field", under, _SHAPE) for under in ("ground", "sheet", "well")),
)


class LookRefused(ValueError):
    """A setting of `[look]` that cannot be used: its name, and a sentence that says why."""

    def __init__(self, setting: str, why: str) -> None:
        super().__init__(why)
        self.setting = setting


def read_look(look: Look, folder: Path) -> Look:
    """Read the logo, and check the pictures and the colours. Raises `LookRefused`."""
    _refuse_pale(look)
    for site, name in look.pictures.items():
        _check_picture(folder, site, name)
    if look.logo is None:
        return look
    try:
        content = (folder / look.logo).read_bytes()
    except OSError:
        raise LookRefused("logo", f"there is no file {look.logo} beside the network's") from None
    logo = clean(content)
    try:
        draw_logo(logo)
    except ValueError as error:
        raise LookRefused("logo", f"it cannot be printed: {error}") from None
    return replace(look, logo=logo)


def clean(content: bytes) -> str:
    """Return an SVG with its shapes alone. Raises `LookRefused` for a part that could run or load anything."""
    if len(content) > _LARGEST_LOGO:
        raise LookRefused(
            "logo", f"it has {len(content):,} bytes, and {_LARGEST_LOGO:,} are allowed: simplify its paths"
        )
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise LookRefused("logo", "it declares a document type or entities: export it as plain SVG") from None
    except ParseError as error:
        raise LookRefused("logo", f"it is no SVG that can be read: {error}") from None
    if root.tag != f"{_SVG}svg" or not _VIEW.fullmatch(root.get("viewBox", "")):
        raise LookRefused("logo", "it is no SVG with a viewBox of four numbers")
    register_namespace("", _SVG[1:-1])
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    return tostring(_cleaned(root), "unicode")


def _cleaned(element: Element) -> Element:
    result = Element(element.tag, dict(_attributes(element)))
    name = element.tag.removeprefix(_SVG)
    result.text = " ".join((element.text or "").split()) if name in {"title", "desc"} else None
    for child in element:
        if not isinstance(child.tag, str) or not child.tag.startswith(_SVG):
            continue  # an editor's own, or a comment
        name = child.tag.removeprefix(_SVG)
        if name == "metadata":
            continue
        if not _SHAPES.fullmatch(name):
            advice = ": make paths of it" if name in {"text", "image", "use", "style"} else ""
            raise LookRefused("logo", f"it has an element « {name} », which is not allowed{advice}")
        result.append(_cleaned(child))
    return result


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    """List the attributes of an element, its style as attributes too."""
    styles = (part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    for name, value in [*element.attrib.items(), *((name.strip(), value.strip()) for name, value in styles)]:
        if name.lower().startswith("on"):
            raise LookRefused("logo", f"it has an attribute « {name} », which would run a script: remove it")
        if name.rpartition("}")[2] == "href":
            raise LookRefused("logo", "it has a link (href): remove it, or make paths of what it shows")
        if _ATTRIBUTES.fullmatch(name):
            if not _VALUE.fullmatch(value):
                raise LookRefused("logo", f"its attribute « {name} » has a value that is not allowed: {value[:40]}")
            yield name, value


def _check_picture(folder: Path, site: str, name: str) -> None:
    path = folder / name
    if path.suffix not in _PICTURES:
        raise LookRefused("pictures", f"{site}: a picture is a file {', '.join(_PICTURES)}")
    if not path.is_file():
        raise LookRefused("pictures", f"{site}: there is no file {name} beside the network's")
    if path.stat().st_size > _LARGEST_PICTURE:
        raise LookRefused("pictures", f"{site}: {name} has over {_LARGEST_PICTURE:,} bytes: make it smaller")


def _pale(look: Look) -> Iterator[str]:
    """List the pairs without enough contrast."""
    for mode, colours in (("light", look.light), ("dark", look.dark)):
        for text, under, least in PAIRS:
            if (ratio := contrast(colours[text], colours[under])) < least:
                yield f"{text} {colours[text]} on {under} {colours[under]} ({mode}): {ratio:.1f} : 1, not {least}"


def _refuse_pale(look: Look) -> None:
    """Refuse colours without enough contrast, with the nearest that has it."""
    if not (pale := next(_pale(look), None)):
        return

    def holds(setting: str, shade: str) -> bool:
        return next(_pale(Look(**{**colours, setting: shade})), None) is None

    colours: dict[str, Any] = {"ink": look.ink, "ground": look.ground, "accent": look.accent}
    for setting in ("accent", "ink", "ground"):
        if shade := nearest(colours[setting], partial(holds, setting)):
            raise LookRefused(setting, f"{pale}. The nearest that holds is {shade}")
    raise LookRefused("ground", f"{pale}. No shade of one colour alone holds: take a lighter ground, then a darker ink")
