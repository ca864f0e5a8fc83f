"""What a command asks before it acts: a yes, or a word typed again; `--yes` is both, and needed where nobody is."""

import sys
from collections.abc import Callable

import typer

from chalicelib.office.refusals import OfficeRefusal


def confirm(question: str, *, yes: bool) -> None:
    """Go on with a yes only. Raises `OfficeRefusal`."""
    if not yes and _answer(f"{question} (oui ou non)").casefold() not in {"oui", "o"}:
        raise OfficeRefusal("not_confirmed")


def confirm_by_typing(question: str, expected: str, *, yes: bool, read: Callable[[str], str] = str) -> None:
    """Go on if what is typed, once read, is what was expected. Raises `OfficeRefusal`."""
    if not yes and read(_answer(question)) != expected:
        raise OfficeRefusal("not_confirmed")


def _answer(question: str) -> str:
    if not sys.stdin.isatty():
        raise OfficeRefusal("not_a_terminal")
    typed: str = typer.prompt(question, err=True, prompt_suffix=" : ")
    return typed.strip()
