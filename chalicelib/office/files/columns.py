"""The columns of a kind of file: their possible names, the single ones and the required ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Final

from chalicelib.domain.roster.yearly_file import NEEDED, ONCE, SEVERAL, Column
from chalicelib.settings.environment import Network
from chalicelib.values import frozen

# The possible words of each column, and those of its subject that may be beside.
Synonyms = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

_NUMBERS: Final = ("n", "no", "numero", "code")
_OWNERS: Final = ("famille", "usager", "foyer")
# The columns of persons, common to both kinds of file.
SITE: Final[Synonyms] = {"site": (("site", "etablissement", "conservatoire", "code site", "nom site"), ("",))}
IDENTIFIER: Final[Synonyms] = {
    "identifier": (("identifiant", "id", "n dossier", "numero dossier"), ("", "famille", "usager"))
}
NUMBERS_OF_FAMILIES: Final = {f"{number} {owner}": "identifier" for number in _NUMBERS for owner in _OWNERS}


class Headings(dict[Column, str]):
    """The headings of a file by column. A column absent from it goes by our own name."""

    def __init__(self, headings: Mapping[Column, str], names: Mapping[str, str]) -> None:
        super().__init__(headings)
        self._names = names

    def __missing__(self, column: Column) -> str:
        """Name a column that the file does not have."""
        return self._names[column[0]]


@frozen
class Columns:
    """One kind of file. `section` of network.toml may add names to its columns."""

    synonyms: Synonyms
    names: Mapping[str, str]  # our own names
    once: tuple[str, ...]
    plural: tuple[str, ...]
    minimum: tuple[Column, ...]
    section: str
    own_names: Callable[[Network], Mapping[str, Sequence[str]]]  # what the section has
    exact: Mapping[str, Column] = field(default_factory=dict)  # headings of one column, with any number

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the columns."""
        return (*self.once, *self.plural)

    def heading_of(self, column: Column) -> str:
        """Name a column as our own headings do."""
        word, number = column
        return self.names[word] if word in self.once else f"{self.names[word]} {number}"

    def missing(self, there: Mapping[Column, object]) -> str:
        """Name the missing required columns. Empty if there are none."""
        return ", ".join(f"« {self.heading_of(column)} »" for column in self.minimum if column not in there)


# Our own name of each column, where the file has none.
COLUMNS: Final = {
    "site": "Site",
    "identifier": "Identifiant",
    "name": "Famille",
    "guardian": "Responsable",
    "guardian_first": "Prénom du responsable",
    "guardian_title": "Civilité du responsable",
    "email": "E-mail",
    "address": "Adresse",
    "guardian_address": "Adresse du responsable",
    "guardian_postcode": "Code postal du responsable",
    "guardian_town": "Ville du responsable",
    "guardian_country": "Pays du responsable",
    "postcode": "Code postal",
    "town": "Ville",
    "country": "Pays",
    "pupil": "Élève",
    "pupil_first": "Prénom de l'élève",
    "born_on": "Date de naissance",
    "discipline": "Discipline",
    "level": "Niveau",
    "telephone": "Téléphone",
    "mobile": "Portable",
    "teacher": "Professeur",
    "day": "Jour",
    "time": "Horaire",
    "place": "Lieu",
    "room": "Salle",
    "payer": "Payeur",
}
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
    _SYNONYMS,
    COLUMNS,
    ONCE,
    SEVERAL,
    NEEDED,
    "imports.columns",
    lambda network: network.imports.columns,
    {"Complément d'adresse": ("address", 2)},
)
