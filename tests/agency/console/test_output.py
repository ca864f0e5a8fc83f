"""The output of a command: a frame on a terminal, plain lines elsewhere, and no control characters."""

import io
import re
import sys
from collections.abc import Callable
from datetime import date

import pytest

from agency.console import output

ROWS = [("Evry - Xénakis", 12), ("Villabé", 1234), ("[bold]", None)]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], str]:
    """Return the output of a function on a terminal of 40 columns."""

    def look(act: Callable[[], None]) -> str:
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("COLUMNS", "40")
        act()
        return screen.getvalue()

    return look


def test_elsewhere_than_on_a_terminal_a_row_is_a_line_however_wide(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("", ["Site", "Ce que lisent les familles"], [("Evry", "mot " * 100), ("Villabé - Yves Henry", "oui")])

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1] == f"{'Evry':<20}  {('mot ' * 100).rstrip()}"


def test_numbers_stand_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("Titre", ["Site", "Familles"], ROWS[:2])

    assert capsys.readouterr().out.splitlines() == [
        "Titre",
        "Site            Familles",
        "Evry - Xénakis        12",
        "Villabé             1234",
    ]


def test_a_table_without_a_row_has_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("", ["Site", "Familles"], [])

    assert capsys.readouterr().out == "Site  Familles\n"


def test_what_is_several_lines_is_one_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    output.table("", ["Adresse"], [("3 allée des Platanes\n91000 Evry",)])

    assert capsys.readouterr().out.splitlines()[1] == "3 allée des Platanes ; 91000 Evry"


def test_a_terminal_gets_a_frame_as_wide_as_it_is(on_terminal: Callable[[Callable[[], None]], str]) -> None:
    text = on_terminal(lambda: output.table("", ["Site", "Familles"], [*ROWS, ("mot " * 100, 1)]))

    assert "───" in text
    assert max(map(len, re.sub(r"\x1b\[[\d;]*m", "", text).splitlines())) <= 40
    assert "[bold]" in text, "brackets of a name are no markup"


SAYS = {"say": output.say, "table": lambda name: output.table("", ["Nom"], [(name,)])}
NAME = "Famille \x1b]0;prise\x07 \x9b31m D'É\N{NO-BREAK SPACE}glantine"


@pytest.mark.parametrize("say", SAYS.values(), ids=list(SAYS))
def test_a_name_commands_no_terminal(
    say: Callable[[str], None], on_terminal: Callable[[Callable[[], None]], str], capsys: pytest.CaptureFixture[str]
) -> None:
    say(NAME)

    for text in (capsys.readouterr().out, on_terminal(lambda: say(NAME))):
        assert not [command for command in ("\x07", "\x9b", "\x1b]") if command in text]
        assert "D'É\N{NO-BREAK SPACE}glantine" in text


def test_json_keeps_accents_and_writes_days(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"é": date(2027, 6, 1)})

    assert capsys.readouterr().out == '{\n "é": "2027-06-01"\n}\n'


def test_progress_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress("Import", 3) as advance:
        advance()
        advance(2, total=3)

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_note_has_the_network_s_colour_on_a_terminal_that_wants_colours(
    monkeypatch: pytest.MonkeyPatch, *, is_plain: bool
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("NO_COLOR", "1") if is_plain else monkeypatch.delenv("NO_COLOR", raising=False)

    output.note("Déploiement : prod", "#1c5144")

    swatch = "" if is_plain else "\x1b[48;2;28;81;68m  \x1b[0m "
    assert screen.getvalue() == f"{swatch}Déploiement : prod\n"
