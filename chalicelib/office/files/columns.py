"""The columns of a kind of file: what each may be called, which stand once, and without which nothing is known."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from chalicelib.domain.roster.yearly_file import NEEDED, ONCE, SEVERAL, Column
from chalicelib.office.roster.anomalies import COLUMNS
from chalicelib.values import frozen

# Of each column, the words it may be called by, and those of whom it is about that may stand beside.
Synonyms = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

_NUMBERS: Final = ("n", "no", "numero", "code")
_OWNERS: Final = ("famille", "usager", "foyer")
# What both kinds of file say of whom a row is about.
SITE: Final[Synonyms] = {"site": (("site", "etablissement", "conservatoire", "code site", "nom site"), ("",))}
IDENTIFIER: Final[Synonyms] = {
    "identifier": (("identifiant", "id", "n dossier", "numero dossier"), ("", "famille", "usager"))
}
NUMBERS_OF_FAMILIES: Final = {f"{number} {owner}": "identifier" for number in _NUMBERS for owner in _OWNERS}


@frozen
class Columns:
    """One kind of file; `section` of network.toml may give its columns more names."""

    synonyms: Synonyms
    names: Mapping[str, str]  # how we call them
    once: tuple[str, ...]
    several: tuple[str, ...]
    needed: tuple[Column, ...]
    section: str
    exact: Mapping[str, Column] = field(default_factory=dict)  # headings that mean one column whatever their number

    @property
    def words(self) -> tuple[str, ...]:
        """Name them all."""
        return (*self.once, *self.several)

    def heading_of(self, column: Column) -> str:
        """Name a column as our own headings do."""
        word, number = column
        return self.names[word] if word in self.once else f"{self.names[word]} {number}"

    def missing(self, there: Mapping[Column, object]) -> str:
        """Name those needed that are not there; empty where none lacks."""
        return ", ".join(f"« {self.heading_of(column)} »" for column in self.needed if column not in there)


_PUPIL: Final = ("eleve", "enfant")
_GUARDIAN: Final = ("responsable", "responsable legal", "representant legal", "parent")
_NAMES: Final = ("nom", "nom prenom")
_SYNONYMS: Final[Synonyms] = {
    **SITE,
    **IDENTIFIER,
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
    "guardian_address": (("adresse", "adresse postale", "rue"), _GUARDIAN),
    "guardian_postcode": (("code postal", "cp"), _GUARDIAN),
    "guardian_town": (("ville", "commune", "localite"), _GUARDIAN),
    "postcode": (("code postal", "cp"), ("", "famille")),
    "town": (("ville", "commune", "localite"), ("", "famille")),
    "country": (("pays",), ("", "famille")),
    "guardian_country": (("pays",), _GUARDIAN),
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
FAMILIES: Final = Columns(
    _SYNONYMS, COLUMNS, ONCE, SEVERAL, NEEDED, "imports.columns", {"Complément d'adresse": ("address", 2)}
)
