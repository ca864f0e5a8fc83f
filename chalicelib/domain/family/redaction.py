"""Hiding another guardian's coordinates in any text: addresses, telephones and e-mails.

A form shows `HIDDEN` in their place. If it comes back so, the value on file is restored (`unhide`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

HIDDEN: Final = "non communiqué"
_BETWEEN: Final = r"[\W_]"
_ABROAD: Final = rf"(?:(?:\+|00)33{_BETWEEN}*0?|0){_BETWEEN}*"
_FRENCH_DIGITS: Final = 10


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter.casefold())[0]


_ACCENTED: Final[dict[str, str]] = {}  # for each letter, its accented forms
for _letter in map(chr, range(0xC0, 0x180)):
    _ACCENTED[_plain(_letter)] = _ACCENTED.get(_plain(_letter), "") + _letter


def telephone_pattern(telephone: str) -> str:
    """Make a pattern of a number in any format: with blanks, dots, commas or +33."""
    digits = re.sub(r"\D", "", telephone)
    is_french = len(digits) == _FRENCH_DIGITS and digits.startswith("0")
    digits_of_number = f"{_BETWEEN}*".join(digits[1:] if is_french else digits)
    return rf"(?<!\d){_ABROAD if is_french else '(?:00)?'}{digits_of_number}(?!\d)"


def email_pattern(email: str) -> str:
    """Make a pattern of an e-mail address."""
    return rf"(?<!\w){re.escape(email)}(?!\w)"


def line_pattern(line: str) -> str:
    """Make a pattern of an address line, with any separators and with or without accents."""
    words = re.findall(r"[^\W_]+", line)
    return r"(?<!\w)" + f"{_BETWEEN}+".join("".join(map(_with_accents, word)) for word in words) + r"(?!\w)"


def _with_accents(letter: str) -> str:
    plain = _plain(letter)
    return f"[{plain}{_ACCENTED.get(plain, '')}]"


def hide(value: Any, patterns: tuple[str, ...]) -> Any:  # noqa: ANN401 - any value of the domain
    """Replace all matches in a value and its parts with `HIDDEN`. The same value if there are none."""
    if not patterns:
        return value
    return _hide(value, re.compile("|".join(patterns), re.IGNORECASE))


def _hide(value: Any, pattern: re.Pattern[str]) -> Any:  # noqa: ANN401 - any value
    if isinstance(value, str):
        return pattern.sub(HIDDEN, value)
    if isinstance(value, tuple):
        return tuple(_hide(part, pattern) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **dict(_hidden_parts(value, pattern)))


def _hidden_parts(value: Any, pattern: re.Pattern[str]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a dataclass
    for attribute in fields(value):
        part = getattr(value, attribute.name)
        if (hidden_part := _hide(part, pattern)) != part:
            yield attribute.name, hidden_part


def unhide(value: Any, on_file: Any, patterns: tuple[str, ...]) -> Any:  # noqa: ANN401 - answers, of one class
    """Replace each `HIDDEN` in typed answers with the value on file, in order."""
    if not patterns or on_file is None:
        return value
    pattern = re.compile("|".join(patterns), re.IGNORECASE)
    words = {own.name: getattr(value, own.name) for own in fields(value) if isinstance(getattr(value, own.name), str)}
    return replace(value, **{name: _restore(text, getattr(on_file, name), pattern) for name, text in words.items()})


def unhide_text(text: str, on_file: str, patterns: tuple[str, ...]) -> str:
    """Replace each `HIDDEN` in a typed text with the value on file."""
    return _restore(text, on_file, re.compile("|".join(patterns), re.IGNORECASE)) if patterns else text


def _restore(text: str, on_file: str, pattern: re.Pattern[str]) -> str:
    """Restore hidden values, unless a restored one would no longer be hidden, as part of a longer word or number."""
    hits = (hit.group() for hit in pattern.finditer(on_file))
    text_on_file = re.sub(HIDDEN, lambda mark: next(hits, mark.group()), text)
    return text_on_file if pattern.sub(HIDDEN, text_on_file) == pattern.sub(HIDDEN, text) else text


def patterns_of(emails: Iterable[str], telephones: Iterable[str], lines: Iterable[str]) -> tuple[str, ...]:
    """List the patterns of some coordinates. Telephones are as on file, separated by « / »."""
    numbers = (number for telephone in telephones for number in telephone.split(" / ") if number)
    return (
        *(email_pattern(email) for email in emails if email),
        *map(telephone_pattern, numbers),
        *(line_pattern(line) for line in lines if re.search(r"[^\W_]", line)),
    )
