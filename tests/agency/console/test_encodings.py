"""Output of a command on a terminal that is not UTF-8: complete, and never an error."""

import io
import json
import sys
from collections.abc import Callable
from itertools import chain

import pytest

from agency.cli import command_line, main
from agency.console import output
from agency.console.encodings import write_in_any_encoding

GROUPS = ["", *command_line().commands]
EVERY_CHARACTER = "".join(map(chr, chain(range(0x20, 0x7F), range(0xA0, 0x20000))))


ENCODINGS = pytest.mark.parametrize("encoding", ["cp1252", "ascii"])


@pytest.fixture
def open_screen(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], io.TextIOWrapper]:
    """Replace standard output and standard error by a stream of an encoding, once the test runs."""

    def replace(encoding: str) -> io.TextIOWrapper:
        stream = io.TextIOWrapper(io.BytesIO(), encoding, newline="\n")
        for name in ("stdout", "stderr"):
            monkeypatch.setattr(sys, name, stream)
        return stream

    return replace


def seen_on(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode(stream.encoding)


def test_help_is_printed(open_screen: Callable[[str], io.TextIOWrapper]) -> None:
    screen = open_screen("ascii")

    for word in GROUPS:
        with pytest.raises(SystemExit) as error:
            main([*filter(None, [word]), "--help"])
        assert (error.value.code, word) == (0, word)

    assert seen_on(screen).count("Usage:") == len(GROUPS)


@ENCODINGS
def test_each_character_can_be_printed(encoding: str, open_screen: Callable[[str], io.TextIOWrapper]) -> None:
    screen = open_screen(encoding)
    write_in_any_encoding()

    output.say(EVERY_CHARACTER)
    output.say("n° 12 : « 1\u202f000 € → l’œuvre… ᵉ −5 » \udce9 Łukasz")

    assert (
        seen_on(screen).splitlines()[-1]
        == {
            "cp1252": "n° 12 : « 1 000 € -> l’œuvre… e -5 » ? Lukasz",
            "ascii": 'n° 12 : " 1 000 EUR -> l\'oeuvre... e -5 " ? Lukasz'.replace("°", "o"),
        }[encoding]
    )


@ENCODINGS
def test_json_loses_nothing(encoding: str, open_screen: Callable[[str], io.TextIOWrapper]) -> None:
    screen = open_screen(encoding)
    write_in_any_encoding()

    output.print_json({"nom": "Łukasz « → »"})

    assert json.loads(seen_on(screen)) == {"nom": "Łukasz « → »"}
