"""The columns of a kind of file: what each may be called, which stand once, and without which nothing is known."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from chalicelib.domain.roster.yearly_file import Column
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
