"""Columns found by their headings: case, accents, punctuation, plurals and the order of words do not matter."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.folding import folded
from chalicelib.domain.yearly_file import NEEDED, ONCE, SEVERAL, Column
from chalicelib.office.anomalies import COLUMNS
from chalicelib.office.refused import Refused

Heading = tuple[frozenset[str], int | None]  # its words and its number: « E-mail du responsable 2 »

_PUPIL: Final = ("eleve", "enfant")
_GUARDIAN: Final = ("responsable", "responsable legal", "representant legal", "parent")
_NAMES: Final = ("nom", "nom prenom")
# Of each column, the words it may be called by, and those of whom it is about that may stand beside.
_SYNONYMS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "site": (("site", "etablissement", "conservatoire", "code site", "nom site"), ("",)),
    "identifier": (("identifiant", "id", "n dossier", "numero dossier"), ("", "famille", "usager")),
    "name": (("famille", "nom famille", "nom foyer", "nom usager"), ("",)),
    "guardian_title": (("civilite",), _GUARDIAN),
    "guardian_first": (("prenom",), _GUARDIAN),
    "guardian": (("", *_NAMES), _GUARDIAN),
    "email": (
        ("email", "mail", "courriel", "mel", "adresse email", "adresse mail", "adresse electronique"),
        ("", "famille", *_GUARDIAN),
    ),
    "telephone": (
        (
            "telephone",
            "tel",
            "telephone fixe",
            "tel fixe",
            "telephone domicile",
            "tel domicile",
            "numero telephone",
            "n telephone",
        ),
        ("", "famille", *_GUARDIAN),
    ),
    "mobile": (
        ("portable", "mobile", "telephone portable", "tel portable", "telephone mobile", "tel mobile"),
        ("", "famille", *_GUARDIAN),
    ),
    "payer": (("payeur", "nom payeur", "responsable payeur", "responsable financier", "debiteur", "redevable"), ("",)),
    "address": (("adresse", "adresse postale", "ligne adresse", "rue"), ("", "famille")),
    "postcode": (("code postal", "cp"), ("", "famille")),
    "town": (("ville", "commune", "localite"), ("", "famille")),
    "pupil_first": (("prenom",), _PUPIL),
    "pupil": (("", *_NAMES), _PUPIL),
    "born_on": (("date naissance", "naissance", "ne"), ("", *_PUPIL)),
    "discipline": (("discipline", "instrument", "activite", "cours"), ("", *_PUPIL)),
    "level": (("niveau", "cycle", "degre"), ("", *_PUPIL)),
    "teacher": (("professeur", "enseignant", "prof", "nom professeur", "nom enseignant"), ("", *_PUPIL)),
    "day": (("jour", "jour cours"), ("", *_PUPIL)),
    "time": (
        (
            "horaire",
            "heure",
            "creneau",
            "horaire cours",
            "heure cours",
            "jour heure",
            "jour horaire",
            "jour heure cours",
        ),
        ("", *_PUPIL),
    ),
    "place": (("lieu", "lieu cours", "lieu enseignement"), ("", *_PUPIL)),
    "room": (("salle", "salle cours"), ("", *_PUPIL)),
}
_NUMBERS: Final = ("n", "no", "numero", "code")  # of a family: its identifier
_SMALL_WORDS: Final = frozenset({*("de", "du", "des", "d", "la", "le", "les", "l", "et"), *("er", "e", "eme", "ere")})
_MOST: Final = 20  # « Discipline 2026 » is not the two thousandth


class Vocabulary:
    """What headings mean, by our words and by those of `[imports.columns]`, which go first. Raises `Refused`."""

    def __init__(self, mapping: Mapping[str, Sequence[str]]) -> None:
        self._words: dict[frozenset[str], str] = dict(_BUILT_IN)
        self._exact: dict[Heading, Column] = {_heading("Complément d'adresse"): ("address", 2)}
        for key, headings in mapping.items():
            word, number = _key(key)
            for words, heading_number in map(_heading, headings):
                if number is None:
                    self._words[words] = word
                else:
                    self._exact[words, heading_number] = (word, number)

    def known(self, headings: Sequence[str]) -> int:
        """Tell how many different columns of ours some headings name."""
        return len(set(map(self._column, headings)) - {None})

    def columns(self, headings: Sequence[str]) -> dict[Column, int]:
        """Find our columns among headings, each with its place. Raises `Refused` where two mean the same."""
        places: dict[Column, int] = {}
        for place, heading in enumerate(headings):
            column = self._column(heading)
            if column in places:
                raise Refused("file_heading_twice", one=headings[places[column]], other=heading, meaning=said(column))
            if column:
                places[column] = place
        return places

    def _column(self, heading: str) -> Column | None:
        words, number = _heading(heading)
        if (words, number) in self._exact:
            return self._exact[words, number]
        word = self._words.get(words)
        if word is None or (number or 1) > (1 if word in ONCE else _MOST):
            return None
        return word, number or 1


def missing(columns: Mapping[Column, int]) -> str:
    """Name the columns without which no family is known; empty where none lacks."""
    return ", ".join(f"« {said(column)} »" for column in NEEDED if column not in columns)


def said(column: Column) -> str:
    """Name a column as our own headings do."""
    word, number = column
    return COLUMNS[word] if word in ONCE else f"{COLUMNS[word]} {number}"


def _heading(heading: str) -> Heading:
    tokens = re.findall(r"[^\W\d]+|\d+", folded(heading))
    numbers = [int(token) for token in tokens if token.isdigit()]
    words = frozenset(_singular(token) for token in tokens if not token.isdigit() and token not in _SMALL_WORDS)
    return (words, numbers[0] if numbers else None) if len(numbers) <= 1 else (frozenset(), None)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word  # noqa: PLR2004 - « mes » is no plural


def _key(key: str) -> tuple[str, int | None]:
    """Read a key of `[imports.columns]`: `email`, whatever its number, or `email_2`."""
    word, _, number = key.rpartition("_") if key[-1:].isdigit() else (key, "", "")
    if word not in (*ONCE, *SEVERAL) or (number and word in ONCE):
        raise Refused("imports_column_unknown", key=key, keys=", ".join((*ONCE, *SEVERAL)))
    return word, int(number) if number else None


_BUILT_IN: Final = {
    _heading(f"{name} {owner}")[0]: word
    for word, (names, owners) in _SYNONYMS.items()
    for name in names
    for owner in owners
} | {_heading(f"{number} {owner}")[0]: "identifier" for number in _NUMBERS for owner in ("famille", "usager", "foyer")}
