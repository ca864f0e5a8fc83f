"""Guessable passwords: common words in any disguise, keyboard runs, the user's own names."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from typing import Final

_WORD: Final = 3  # letters: the shortest name that counts
_WHEREVER: Final = 4  # characters: the shortest identifier searched for anywhere in a password
_LONG: Final = 5  # letters: a longer word is also tried without its first or last letter, as in « Musique91a »
_LETTERS: Final = 3  # non-digits that a password needs: with fewer it is a date, or a number and initials
_RUN: Final = 3  # keys: a run of this length is as guessable as one key
_UNITS: Final = 4  # keys and runs of keys: with this many or fewer, a password is easy to guess
_BIT: Final = 4  # characters: the longest part whose repetition is too weak

_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "aqwzsxedcrfvtgbyhnuj",
    "qazwsxedcrfvtgbyhnujm",
)
# Words that join names: « Léo et Agathe », « Famille Merle », « Conservatoire d'Evry ».
_LINKS: Final = frozenset(
    ("et", "de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "mme", "mr", "madame", "monsieur")
) | {"famille", "conservatoire"}
# « 1 » may stand for « i » or « l »: both are tried.
_LEET: Final = tuple(str.maketrans("0@43€$57!|8", "oaaeesstiib") | str.maketrans("1", one) for one in "il")


def _steps() -> dict[str, frozenset[tuple[str, int]]]:
    """Map each pair of adjacent keys to their rows and directions."""
    steps: dict[str, frozenset[tuple[str, int]]] = {}
    for row in _ROWS:
        for way, keys in ((1, row), (-1, row[::-1])):
            for at in range(1, len(keys)):
                pair = keys[at - 1 : at + 1]
                steps[pair] = steps.get(pair, frozenset()) | {(row, way)}
    return steps


_STEPS: Final = _steps()


def fold(text: str) -> str:
    """Reduce a password to letters without case or accents. Signs and digits stay."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    apart = unicodedata.normalize("NFKD", lower.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def is_common(password: str, words: Container[str]) -> bool:
    """Whether it is a common word with digits, signs or a letter around or inside it, or a keyboard run."""
    plain = fold(password)
    readings = {reading for text in _but_one(plain) for reading in (text, _letters(text), *_readings(text))}
    return _is_run(plain) or any(text in words or _unit(text) in words for text in readings)


def is_own(password: str, identifier: str, names: Iterable[str]) -> bool:
    """Whether it contains the identifier, or is made of the user's own names, digits and signs."""
    plain, bare = fold(password), _bare(fold(identifier))
    if bare and (_bare(plain) == bare or (len(bare) >= _WHEREVER and _is_within(bare, plain))):
        return True
    own_words = frozenset(word for name in names for word in _words(name))
    readings = {reading for text in _but_one(plain) for reading in (_bare(text), *_readings(text))}
    own_readings = {reading for reading in readings if _is_made_of(reading, own_words | _LINKS)}
    return any(word in reading for reading in own_readings for word in own_words)


def _is_within(identifier: str, plain: str) -> bool:
    """Whether a password contains an identifier, also with look-alike digits and letters."""
    return identifier in _bare(plain) or any(
        identifier.translate(leet) in _bare(plain.translate(leet)) for leet in _LEET
    )


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether it consists only of such words and digits."""
    ends = {0}
    for start in range(len(text)):
        if start in ends:
            ends |= {start + len(word) for word in words if text.startswith(word, start)}
            ends |= {start + 1} if text[start].isdigit() else set()
    return bool(text) and len(text) in ends


def _but_one(plain: str) -> Iterator[str]:
    """List a password, and the password without its first or last letter if it is long enough."""
    yield plain
    if len(_letters(plain)) > _LONG:
        yield from (rest for one, rest in ((plain[0], plain[1:]), (plain[-1], plain[:-1])) if one.isalpha())


def _words(name: str) -> Iterator[str]:
    """List the words of a name, and its dash-separated parts as one word: « Ris Orangis - Messiaen »."""
    plain = fold(name)
    words = {*map(_letters, re.split(r"[\W\d_]+", plain)), *map(_letters, plain.split(" - "))}
    yield from (word for word in words if len(word) >= _WORD)


def _readings(plain: str) -> set[str]:
    """List the possible words: digits and signs at either end may be noise or stand for letters."""
    first = next((at for at, character in enumerate(plain) if character.isalpha()), len(plain))
    last = next((at for at in range(len(plain), 0, -1) if plain[at - 1].isalpha()), 0)
    cores = {plain[start:end] for start in range(first + 1) for end in range(last, len(plain) + 1)}
    return {_bare(core.translate(leet)) for core in cores for leet in _LEET}


def _unit(text: str) -> str:
    """Find the repeated unit of a text: « azertyazerty » is « azerty »."""
    for size in range(1, len(text) // 2 + 1):
        if len(text) % size == 0 and text[:size] * (len(text) // size) == text:
            return text[:size]
    return text


def _is_run(plain: str) -> bool:
    """Whether it has almost no letters, or is a short repetition, or a few keys and keyboard runs."""
    letters = _letters(plain)
    other_characters = [character for character in plain if not character.isdigit()]
    digits = "".join(character for character in plain if character.isdigit())
    signs = len(other_characters) - len(letters)
    return (
        len(other_characters) < _LETTERS
        or len(_unit(plain)) <= _BIT < len(plain)
        or (len(_unit(letters)) < _WORD < len(letters) and not signs)
        or min(_units(plain), _units(_single(plain)), _units(letters) + _units(digits) + signs) <= _UNITS
        or _RUN * _units(letters) <= len(letters)
    )


def _single(text: str) -> str:
    """Halve doubled keys: « aabbcc11 » is « abc1 »."""
    return re.sub(r"(.)\1", r"\1", text)


def _units(text: str) -> int:
    """Count keys, each run as one: « azertyui1 » has two, and so has « aaaaaaa1 »."""
    count = at = 0
    while at < len(text):
        end = _end_of_run(text, at)
        at = end if end - at >= _RUN else at + 1
        count += 1
    return count


def _end_of_run(text: str, start: int) -> int:
    steps, end = _step(text[start : start + 2]), start + 1
    while steps and end < len(text):
        end += 1
        steps &= _step(text[end - 1 : end + 1])
    return end


def _step(pair: str) -> frozenset[tuple[str, int]]:
    if len(pair) == len("aa") and pair[0] == pair[1]:
        return frozenset({("same", 0)})
    return _STEPS.get(pair, frozenset())
