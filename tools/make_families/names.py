"""Words that fictitious families are made of: French to the ear, nobody's own."""

import unicodedata
from random import Random
from typing import Final

_BEGINNINGS: Final = (
    *("Bel", "Clair", "Mont", "Roche", "Font", "Val", "Champ", "Vert", "Haut", "Rouge", "Brun", "Lande", "Courte"),
    *("Aigue", "Brande", "Chante", "Passe", "Tourne", "Vire", "Froide", "Longue", "Pierre", "Sèche", "Épine"),
)
_ENDINGS: Final = (
    *("lande", "vigne", "coudre", "aubier", "noyer", "combe", "lieu", "mont", "rive", "ferrand", "bruyère", "chêne"),
    *("prés", "fougère", "merle", "pinson", "hêtre", "tilleul", "saule", "orme", "charme", "gué", "moulin", "lœuf"),
)
_RARE: Final = ("D'Épinoy-Roncevaux", "L'Hôtellier d'Aubrac", "Lœuilliez-Mâtignon", "N'Guémar", "Saint-Ûle")
_LONG: Final = "de la Rochefontaine-Montclairvigne de Saint-Aubier-lès-Champbruyère et de Hautecombe-Longuerive"
WOMEN: Final = (
    *("Adèle", "Aïcha", "Anaïs", "Chloé", "Clémence", "Colette", "Éloïse", "Gaëlle", "Hélène", "Inès", "Irène"),
    *("Jeanne", "Léonie", "Manon", "Noémie", "Nour", "Océane", "Solène", "Zoé"),
)
MEN: Final = (
    *("Basile", "Désiré", "Émile", "Félix", "Gaspard", "Joël", "Lucien", "Maël", "Octave", "Paulin", "Quentin"),
    *("Raphaël", "Rémi", "Théo", "Ulysse", "Yanis"),
)
DISCIPLINES: Final = (
    *("Piano", "Violon", "Alto", "Violoncelle", "Flûte traversière", "Hautbois", "Clarinette", "Basson", "Cor"),
    *("Trompette", "Tuba", "Percussions", "Chant", "Danse classique", "Théâtre", "Éveil musical", "Guitare", "Harpe"),
)
LEVELS: Final = (
    "Éveil",
    "Cycle 1 - 1re année",
    "Cycle 1 - 3e année",
    "Cycle 2 - 1re année",
    "Cycle 2 - 4e année",
    "Cycle 3",
)
_STREETS: Final = (
    *("rue du Contre-Ut", "allée des Demi-Soupirs", "impasse de la Double-Croche", "avenue du Point-d'Orgue"),
    *(
        "chemin de l'Anacrouse",
        "place du Bémol",
        "rue de l'Appoggiature",
        "square du Da-Capo",
        "quai de la Quinte-Juste",
    ),
)
TOWNS: Final = (("91000", "Evry"), ("91070", "Bondoufle"), ("91130", "Ris-Orangis"), ("91100", "Villabé"))


def surname(chance: Random) -> str:
    """Make a family's name; one in a hundred is rare, and one in five hundred very long."""
    throw = chance.random()
    if throw < 0.002:  # noqa: PLR2004 - how often
        return _LONG
    if throw < 0.012:  # noqa: PLR2004 - how often
        return chance.choice(_RARE)
    return chance.choice(_BEGINNINGS) + chance.choice(_ENDINGS)


def street(chance: Random) -> str:
    """Make a number in a street."""
    return f"{chance.randint(1, 199)} {chance.choice(_STREETS)}"


def mailbox(first: str, last: str, number: int, domain: str) -> str:
    """Make an address that no other family has."""
    apart = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("œ", "oe"))
    letters = "".join(each for each in apart if each.isascii() and (each.isalnum() or each in ".-"))
    return f"{letters[:40].strip('.-')}.{number}@{domain}"
