"""The questions of a command before it acts: a yes, or a word to type again. `--yes` answers both, for scripts."""

import sys
from collections.abc import Callable

import typer

from chalicelib.office.refusals import OfficeRefusal


def confirm(question: str, *, yes: bool) -> None:
    """Go on with a yes only. Raises `OfficeRefusal`."""
    if not yes and _answer(f"{question} (oui ou non)").casefold() not in {"oui", "o"}:
        raise OfficeRefusal("not_confirmed")


def confirm_by_typing(question: str, expected: str, *, yes: bool, read: Callable[[str], str] = str) -> None:
    """Go on if the input, once read, is the expected word. Raises `OfficeRefusal`."""
    if not yes and read(_answer(question)) != expected:
        raise OfficeRefusal("not_confirmed")


def _answer(question: str) -> str:
    if not sys.stdin.isatty():
        raise OfficeRefusal("not_a_terminal")
    typed: str = typer.prompt(question, err=True, prompt_suffix=" : ")
    return typed.strip()
