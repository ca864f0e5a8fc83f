"""What is said of each anomaly of the list of places: what is wrong in its row."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.roster import anomalies

ANOMALIES: Final = {
    "row_shifted": anomalies.ANOMALIES["row_shifted"],
    "row_without_site": anomalies.ANOMALIES["row_without_site"],
    "row_site_unknown": anomalies.ANOMALIES["row_site_unknown"],
    "place_without_discipline": "Il n'y a pas de discipline.",
    "place_discipline_unknown": "« {discipline} » n'est pas une discipline de [admission] dans network.toml : personne "
    "ne pourrait la demander.",
    "place_discipline_elsewhere": "{discipline} ne se demande pas au site {site} ([admission] dans network.toml).",
    "place_level_unknown": "« {level} » n'est pas un niveau que les familles choisissent. Niveaux : {levels}.",
    "place_age_unreadable": "« {number} » n'est pas un âge ; exemple : 7.",
    "place_ages_reversed": "L'âge le plus haut est au-dessous du plus bas.",
    "place_count_unreadable": "« {number} » n'est pas un nombre de places ; exemple : 12.",
    "place_without_total": "Il n'y a pas de nombre de places.",
    "place_overlaps": "Un même vœu irait aussi dans les places de la ligne {line} : même site, même discipline, et des "
    "niveaux et des âges en commun. Distinguez-les, ou réunissez-les.",
    "place_below_held": "{held} places sont déjà proposées ou acceptées, et il n'en resterait que {left}.",
}

# How a column is called where the file has none of that name.
COLUMNS: Final = {
    "site": "Site",
    "discipline": "Discipline",
    "level": "Niveau",
    "youngest": "Âge min",
    "oldest": "Âge max",
    "total": "Places",
    "returning": "Réinscrits",
}


def sentence(anomaly: Anomaly) -> str:
    """Describe what is wrong."""
    return ANOMALIES[anomaly.code].format(**anomaly.facts)


def heading(column: Column | None, headings: Mapping[Column, str]) -> str:
    """Name a column as the file does."""
    return headings.get(column, COLUMNS[column[0]]) if column else ""
