"""The columns of the list of places, under a conservatoire's names."""

from typing import Final

from chalicelib.domain.admission.place_rows import NEEDED, ONCE
from chalicelib.office.admission.import_places import COLUMNS
from chalicelib.office.files.columns import SITE, Columns, Synonyms

_SYNONYMS: Final[Synonyms] = {
    **SITE,
    "discipline": (("discipline", "instrument", "cours", "matiere"), ("",)),
    "level": (("niveau", "cycle"), ("",)),
    "youngest": (("age min", "age minimum", "age mini", "a partir de", "age minimal"), ("",)),
    "oldest": (("age max", "age maximum", "age maxi", "jusqu a", "age maximal"), ("",)),
    "total": (("place", "total", "total place", "nombre place", "capacite", "effectif"), ("",)),
    "returning": (("reinscrit", "reinscription", "nombre reinscrit", "eleve reinscrit", "ancien eleve"), ("",)),
}
PLACES: Final = Columns(_SYNONYMS, COLUMNS, ONCE, (), NEEDED, "admission.columns")
