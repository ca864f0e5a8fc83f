"""The parts of an XLSX, read as they come: the texts that cells share, which styles are dates, and rows of cells."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import IO, Any, Final
from xml.parsers import expat

COLUMNS_AT_MOST: Final = 250
_CHUNK: Final = 1 << 16  # bytes
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
_NO_FORMAT: Final = re.compile(
    r'"[^"]*"|\\.|_.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE
)  # a text in it, a colour, a language
_OF_DATES: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_BUILT_IN: Final = {
    *range(14, 23),
    *range(27, 37),
    *range(45, 48),
    *range(50, 59),
}  # formats of dates that need no code
_BUILT_IN_ELAPSED: Final = 46
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a day in a cell, of no zone
_EPOCH_OF_MACINTOSH: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - the same
_LEAP_DAY: Final = 60  # that 1900 never had: days before it count one less
_SECONDS: Final = 86_400


class Part:
    """One XML part: told each element by its name without a namespace, which differs by who wrote it."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = lambda name, given: self.start(name.rpartition(" ")[2], given)
        self._parser.EndElementHandler = lambda name: self.end(name.rpartition(" ")[2])
        self._parser.CharacterDataHandler = self.text
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take the beginning of an element, with its attributes."""

    def end(self, name: str) -> None:
        """Take its end."""

    def text(self, text: str) -> None:
        """Take what stands in it."""

    def pieces(self, stream: IO[bytes]) -> Iterator[None]:
        """Read on, a piece at a time."""
        while piece := stream.read(_CHUNK):
            self._parser.Parse(piece)
            yield
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat's own
        yield

    def read(self, stream: IO[bytes]) -> None:
        """Read all of it."""
        for _ in self.pieces(stream):
            pass


def _refuse_doctype(*_: object) -> None:
    raise ValueError("no workbook has a document type: entities are what it would be for")


class Attributes(Part):
    """The attributes of all elements of one name, in their order."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.found: list[Mapping[str, str]] = []

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Keep them, by names without a namespace."""
        if name == self._name:
            self.found.append({key.rpartition(" ")[2]: value for key, value in given.items()})


class SharedTexts(Part):
    """The texts that cells name by their number; how they are spoken in Japanese is none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._is_text = self._is_spoken = False

    def start(self, name: str, given: Mapping[str, str]) -> None:  # noqa: ARG002 - a text has no attribute
        """Begin a text, or a part of one."""
        self._is_spoken |= name == "rPh"
        self._is_text = name == "t" and not self._is_spoken

    def end(self, name: str) -> None:
        """End it."""
        self._is_text = False
        if name == "rPh":
            self._is_spoken = False
        if name == "si":
            self.texts.append("".join(self._pieces))
            self._pieces.clear()

    def text(self, text: str) -> None:
        """Keep what is written."""
        if self._is_text:
            self._pieces.append(text)


class Styles(Part):
    """Which styles show a number as a day or an hour, and which as how long something lasts."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._is_of_cells = False

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Keep a format, or that of a style of cells."""
        if name == "numFmt":
            self._codes[int(given["numFmtId"])] = given["formatCode"]
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells:
            self._formats.append(int(given.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        """Leave the styles of cells."""
        self._is_of_cells &= name != "cellXfs"

    @property
    def dates(self) -> frozenset[int]:
        """The numbers of the styles of days and hours."""
        return frozenset(style for style, format_ in enumerate(self._formats) if self._is_date(format_))

    @property
    def lengths(self) -> frozenset[int]:
        """The numbers of the styles of lengths of time, among them."""
        elapsed = (
            format_ == _BUILT_IN_ELAPSED or bool(_ELAPSED.search(self._codes.get(format_, "")))
            for format_ in self._formats
        )
        return frozenset(style for style, is_length in enumerate(elapsed) if is_length)

    def _is_date(self, format_: int) -> bool:
        if format_ not in self._codes:
            return format_ in _BUILT_IN
        code = _NO_FORMAT.sub("", self._codes[format_].partition(";")[0])
        return bool(_OF_DATES.search(code)) and code.lower() != "general"


class Dates:
    """How the numbers of a workbook are read as days and hours."""

    def __init__(self, styles: Styles, *, of_macintosh: bool) -> None:
        self._dates: Collection[str] = {str(style) for style in styles.dates}
        self._lengths: Collection[str] = {str(style) for style in styles.lengths}
        self._epoch = _EPOCH_OF_MACINTOSH if of_macintosh else _EPOCH

    def text(self, number: str, style: str) -> str:
        """Write a number as a person would type it: as a day, an hour, or a number."""
        value = float(number)
        if style not in self._dates:
            return _plain(number, value)
        try:
            return self._moment(value, is_length=style in self._lengths)
        except OverflowError:
            return "#VALUE!"  # a day that no calendar has

    def _moment(self, value: float, *, is_length: bool) -> str:
        day, part = divmod(value, 1)
        rest = timedelta(milliseconds=round(part * _SECONDS * 1000))
        if is_length:
            return str(timedelta(days=day) + rest)
        if 0 <= value < 1 and not rest.days:
            return str((_EPOCH + rest).time())
        if 0 < value < _LEAP_DAY and self._epoch == _EPOCH:
            day += 1
        moment = self._epoch + timedelta(days=day) + rest
        return moment.date().isoformat() if moment.time() == time() else str(moment)


def _plain(number: str, value: float) -> str:
    if number.lstrip("+-").isdigit():
        return str(int(number))  # as long as it is
    return str(int(value)) if value.is_integer() else str(value)


class Rows(Part):
    """The rows of a sheet, as far as it was read: each with its number, and its cells as a person would type them."""

    def __init__(self, texts: Sequence[str], dates: Dates) -> None:
        super().__init__()
        self._texts = texts
        self._dates = dates
        self._row = 0
        self._place = -1
        self._cells: list[str] = []
        self._cell: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._is_value = self._is_spoken = False
        self._ready: list[tuple[int, tuple[str, ...]]] = []

    def take(self) -> list[tuple[int, tuple[str, ...]]]:
        """Take the rows that are ready."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Begin a row, a cell or a value."""
        if name == "row":
            self._row = int(given.get("r", self._row + 1))
            self._place, self._cells = -1, []
        elif name == "c":
            self._cell = given
            self._place = place_of(given["r"]) if "r" in given else self._place + 1
            self._pieces.clear()
        self._is_spoken |= name == "rPh"
        self._is_value = name in {"v", "t"} and not self._is_spoken

    def end(self, name: str) -> None:
        """End it."""
        self._is_value = False
        if name == "rPh":
            self._is_spoken = False
        elif name == "c" and self._place < COLUMNS_AT_MOST:
            self._cells += [""] * (self._place + 1 - len(self._cells))
            self._cells[self._place] = self._content("".join(self._pieces))
        elif name == "row":
            self._ready.append((self._row, _without_end(self._cells)))

    def text(self, text: str) -> None:
        """Keep what a value says; a formula is none."""
        if self._is_value:
            self._pieces.append(text)

    def _content(self, written: str) -> str:
        kind: Any = self._cell.get("t", "n")
        if not written:
            return ""
        match kind:
            case "s":
                return _tidy(self._texts[int(written)])
            case "b":
                return "VRAI" if written == "1" else "FAUX"
            case "n":
                return self._dates.text(written.strip(), self._cell.get("s", "0"))
            case "d":
                return written.removesuffix("Z").replace("T00:00:00", "").replace("T", " ")
            case _:
                return _tidy(written)


def _tidy(text: str) -> str:
    return text.replace("_x000D_", "")


def _without_end(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def place_of(reference: str) -> int:
    """Read the place of « BC12 », from none."""
    letters = _LETTERS.match(reference)
    if letters is None:
        raise ValueError("a cell stands nowhere")
    place = 0
    for letter in letters[0]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
