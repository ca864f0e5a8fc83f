"""A logo on paper: the shapes of an SVG that `look_files.py` cleaned, drawn by the strokes of ReportLab's canvas."""

import math
import re
from cmath import phase, rect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final
from xml.etree.ElementTree import Element, fromstring

Canvas = Any  # ReportLab's, or its path

_NUMBER: Final = r"(?>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
_BETWEEN: Final = r"[\s,]*"
_ARC: Final = re.compile(  # its flags are often not separated
    rf"((?:{_NUMBER}{_BETWEEN}){{3}})([01]){_BETWEEN}([01]){_BETWEEN}({_NUMBER}{_BETWEEN}{_NUMBER})"
)
_COMMAND: Final = re.compile(r"([A-DF-Za-df-z])([^A-DF-Za-df-z]*)")
_COUNTS: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_TURNS: Final = {"matrix": (6,), "translate": (1, 2), "scale": (1, 2), "rotate": (1, 3)}
_COLOUR: Final = re.compile("#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|black|white")


class _Nowhere:
    """A canvas that draws nothing: it checks a logo without a print."""

    def __getattr__(self, _name: str) -> Callable[..., "_Nowhere"]:
        return lambda *_arguments, **_options: self


def size_of(logo: str) -> tuple[float, ...]:
    """Read the left and upper edges of a logo, its width and its height."""
    return _numbers(fromstring(logo).get("viewBox", ""))  # noqa: S314 - cleaned


def draw_logo(logo: str, canvas: Canvas = _Nowhere()) -> None:  # noqa: B008 - a constant
    """Draw a logo. Raises ValueError for a part that cannot be read."""
    root = fromstring(logo)  # noqa: S314 - cleaned
    if len(size := size_of(logo)) != 4 or min(size[2:]) <= 0:  # noqa: PLR2004 - as many
        raise ValueError("its viewBox has no room")
    gradients = {f"url(#{one.get('id')})": one for one in root.iter() if one.tag.endswith("Gradient")}
    _draw(root, {}, gradients, canvas)


def _draw(element: Element, outer_styles: Mapping[str, str], gradients: Mapping[str, Element], canvas: Canvas) -> None:
    kind = element.tag.rpartition("}")[2]
    if kind == "defs":
        return
    attributes = {name: value.strip() for name, value in element.attrib.items()}
    opacity = _number(outer_styles.get("opacity", "1")) * _number(attributes.get("opacity", "1"))
    styles = {**outer_styles, **attributes, "opacity": str(opacity)}
    canvas.saveState()
    _turn(attributes.get("transform", ""), canvas)
    path = canvas.beginPath()
    if points := _trace(_written(kind, attributes), path):
        fill = styles.get("fill", "black")
        fill_opacity = opacity * _number(styles.get("fill-opacity", "1"))
        rule = 0 if styles.get("fill-rule") == "evenodd" else 1  # ReportLab's numbers
        if fill in gradients:
            canvas.saveState()
            canvas.clipPath(path, stroke=0, fill=0, fillMode=rule)
            canvas.setFillAlpha(fill_opacity)
            _shade(gradients[fill], points, canvas)
            canvas.restoreState()
        elif fill != "none":
            canvas.setFillColor(_colour(fill), fill_opacity)
            canvas.drawPath(path, stroke=0, fill=1, fillMode=rule)
        if styles.get("stroke", "none") != "none":
            _stroke(styles, canvas)
            canvas.drawPath(path)
    for child in element:
        _draw(child, styles, gradients, canvas)
    canvas.restoreState()


def _stroke(styles: Mapping[str, str], canvas: Canvas) -> None:
    opacity = _number(styles["opacity"]) * _number(styles.get("stroke-opacity", "1"))
    canvas.setStrokeColor(_colour(styles["stroke"]), opacity)
    canvas.setLineWidth(_number(styles.get("stroke-width", "1")))
    canvas.setLineCap({"round": 1, "square": 2}.get(styles.get("stroke-linecap", ""), 0))
    canvas.setLineJoin({"round": 1, "bevel": 2}.get(styles.get("stroke-linejoin", ""), 0))
    canvas.setMiterLimit(_number(styles.get("stroke-miterlimit", "4")))
    canvas.setDash([*_numbers(styles.get("stroke-dasharray", "none").removeprefix("none"))])


def _shade(gradient: Element, points: Sequence[complex], canvas: Canvas) -> None:
    """Fill the canvas by a gradient, whose places are those of the picture, or shares of the shape."""
    if gradient.get("gradientUnits") != "userSpaceOnUse":
        across, down = [point.real for point in points], [point.imag for point in points]
        left, top = min(across), min(down)
        canvas.transform(max(across) - left, 0, 0, max(down) - top, left, top)
    _turn(gradient.get("gradientTransform", ""), canvas)
    is_linear = gradient.tag.endswith("linearGradient")
    names = {"x1": "0", "y1": "0", "x2": "1", "y2": "0"} if is_linear else {"cx": ".5", "cy": ".5", "r": ".5"}
    places = [_share(gradient.get(name, usual)) for name, usual in names.items()]
    draw = canvas.linearGradient if is_linear else canvas.radialGradient
    draw(*places, [_stop(stop) for stop in gradient], [_share(stop.get("offset", "0")) for stop in gradient])


def _stop(stop: Element) -> list[float]:
    """Mix the colour of a stop with the white of the paper, for its opacity."""
    colour = {"black": "#000", "white": "#fff"}.get(stop.get("stop-color", "black"), stop.get("stop-color", ""))
    opacity = _share(stop.get("stop-opacity", "1"))
    return [1 - opacity + opacity * part / 255 for part in bytes.fromhex(_colour(colour)[1:])]


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise ValueError(f"its colour « {value[:40]} » is not written as #rrggbb")
    return "#" + "".join(digit * 2 for digit in value[1:]) if len(value) == 4 else value  # noqa: PLR2004 - #rgb


def _share(text: str) -> float:
    return _number(text[:-1]) / 100 if text.endswith("%") else _number(text)


def _number(text: str) -> float:
    if len(numbers := _numbers(text.removesuffix("px"))) != 1:
        raise ValueError(f"it has « {text[:40]} » where one number stands")
    return numbers[0]


def _numbers(text: str) -> tuple[float, ...]:
    if re.sub(rf"{_NUMBER}|{_BETWEEN}", "", text):
        raise ValueError(f"it has « {text.strip()[:40]} » where numbers stand")
    return tuple(map(float, re.findall(_NUMBER, text)))


def _turn(text: str, canvas: Canvas) -> None:
    """Move, scale or turn the canvas."""
    for name, numbers in re.findall(r"(\w+)\s*\(([^)]*)\)", text):
        values = _numbers(numbers)
        if len(values) not in _TURNS.get(name, ()):
            raise ValueError(f"its transformation « {name}({numbers[:40]}) » is none of {', '.join(_TURNS)}")
        if name == "matrix":
            canvas.transform(*values)
        elif name == "rotate":
            x, y = values[1:] or (0, 0)
            canvas.translate(x, y)
            canvas.rotate(values[0])
            canvas.translate(-x, -y)
        elif name == "scale":
            canvas.scale(values[0], values[-1])
        else:
            canvas.translate(values[0], (*values, 0)[1])


def _written(kind: str, attributes: Mapping[str, str]) -> str:
    """Write any shape as a path."""
    names = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height")
    x, y, x1, y1, x2, y2, cx, cy, width, height = (_number(attributes.get(name, "0")) for name in names)
    radius = attributes.get("r", "0")
    rx = _number(attributes.get("rx", attributes.get("ry", radius)))
    ry = _number(attributes.get("ry", attributes.get("rx", radius)))
    match kind:
        case "path":
            return attributes.get("d", "")
        case "line":
            return f"M{x1} {y1}L{x2} {y2}"
        case "polyline" | "polygon":
            return f"M{attributes.get('points', '')}{'z' * (kind == 'polygon')}"
        case "circle" | "ellipse":
            return f"M{cx - rx} {cy}a{rx} {ry} 0 1 1 {2 * rx} 0a{rx} {ry} 0 1 1 {-2 * rx} 0z"
        case "rect":
            rx, ry = min(rx, width / 2), min(ry, height / 2)
            across, down, corner = width - 2 * rx, height - 2 * ry, f"a{rx} {ry} 0 0 1"
            right = f"h{across}{corner} {rx} {ry}v{down}{corner} {-rx} {ry}"
            return f"M{x + rx} {y}{right}h{-across}{corner} {-rx} {-ry}v{-down}{corner} {rx} {-ry}z"
    return ""


def _trace(text: str, path: Canvas) -> list[complex]:
    """Draw a path by absolute lines and curves, and list its points: x and y as one complex number."""
    here = start = cubic = quadratic = 0j  # and the last control point of each kind of curve
    all_points: list[complex] = []
    for letter, part in _commands(text):
        kind, base = letter.lower(), here if letter.islower() else 0j
        points = _points(kind, part, base, here)
        if kind in "st":
            points.insert(0, 2 * here - (cubic if kind == "s" else quadratic))
        end = points[-1] if points else start
        cubic, quadratic = points[-2] if kind in "cs" else end, points[0] if kind in "qt" else end
        if kind == "a":
            points = _arc(here, part, end)
        elif kind in "qt":
            points = [here + (quadratic - here) * 2 / 3, end + (quadratic - end) * 2 / 3, end]
        flat = [number for point in points for number in (point.real, point.imag)]
        if len(flat) > 2:  # noqa: PLR2004 - of a line
            for place in range(0, len(flat), 6):
                path.curveTo(*flat[place : place + 6])
        else:
            {"m": path.moveTo, "z": path.close}.get(kind, path.lineTo)(*flat)
        here, start = end, end if kind == "m" else start
        all_points += points
    return all_points


def _points(kind: str, part: Sequence[float], base: complex, here: complex) -> list[complex]:
    if kind == "h":
        return [complex(base.real + part[0], here.imag)]
    if kind == "v":
        return [complex(here.real, base.imag + part[0])]
    pairs = part[-2:] if kind == "a" else part
    return [base + complex(*pair) for pair in zip(pairs[::2], pairs[1::2], strict=True)]


def _commands(text: str) -> Iterator[tuple[str, Sequence[float]]]:
    """Split a path into its commands, each with the numbers of one."""
    if text.strip()[:1] not in {"", "M", "m"}:
        raise ValueError(f"its path begins with « {text.strip()[:40]} », not with M")
    for letter, arguments in _COMMAND.findall(text):
        kind = letter.lower()
        count = _COUNTS.get(kind, 0)
        numbers = _numbers(_ARC.sub(r"\1 \2 \3 \4 ", arguments) if kind == "a" else arguments)
        if kind not in _COUNTS or bool(numbers) != bool(count) or len(numbers) % (count or 1):
            raise ValueError(f"its path has « {letter}{arguments.strip()[:40]} », which is not complete")
        for place in range(0, len(numbers) or 1, count or 1):
            # More pairs after a move are lines.
            yield chr(ord(letter) - 1) if kind == "m" and place else letter, numbers[place : place + count]


def _arc(here: complex, part: Sequence[float], end: complex) -> list[complex]:
    """Draw an arc by curves, each a quarter of its ellipse at most (SVG 1.1, F.6)."""
    rx, ry, turn = abs(part[0]), abs(part[1]), rect(1, math.radians(part[2]))
    if not (rx and ry) or here == end:
        return [end]
    first, last = (complex((point / turn).real / rx, (point / turn).imag / ry) for point in (here, end))
    half = (last - first) / 2
    away = math.sqrt(max(0, 1 / abs(half) ** 2 - 1)) * (1 if part[3] != part[4] else -1)
    centre = first + half + away * 1j * half
    angle = phase((last - centre) / (first - centre)) % math.tau - (0 if part[4] else math.tau)
    count = math.ceil(abs(angle) / (math.pi / 2) - 1e-9)
    pull = 4j / 3 * math.tan(angle / count / 4)
    stops = [(first - centre) * rect(1, angle * number / count) for number in range(count + 1)]
    round_centre = [point for one, two in pairwise(stops) for point in (one * (1 + pull), two * (1 - pull), two)]
    return [complex((point + centre).real * rx, (point + centre).imag * ry) * turn for point in round_centre]
