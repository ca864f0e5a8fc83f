"""The columns of the list of places, under a conservatoire's names."""

from typing import Final

from chalicelib.office.files.columns import SITE, Columns, Synonyms
from chalicelib.wings.admission.domain.place_rows import NEEDED, ONCE

# Our own name of each column, where the file has none.
COLUMNS: Final = {
    "site": "Site",
    "discipline": "Discipline",
    "level": "Niveau",
    "youngest": "Âge min",
    "oldest": "Âge max",
    "total": "Places",
    "returning": "Réinscrits",
}
_SYNONYMS: Final[Synonyms] = {
    **SITE,
    "discipline": (("discipline", "instrument", "cours", "matiere"), ("",)),
    "level": (("niveau", "cycle"), ("",)),
    "youngest": (("age min", "age minimum", "age mini", "a partir de", "age minimal"), ("",)),
    "oldest": (("age max", "age maximum", "age maxi", "jusqu a", "age maximal"), ("",)),
    "total": (("place", "total", "total place", "nombre place", "capacite", "effectif"), ("",)),
    "returning": (("reinscrit", "reinscription", "nombre reinscrit", "eleve reinscrit", "ancien eleve"), ("",)),
}
PLACES: Final = Columns(
    _SYNONYMS, COLUMNS, ONCE, (), NEEDED, "admission.columns", lambda network: network.admission.columns
)
