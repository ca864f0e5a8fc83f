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
DAYS: Final = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi")
PLACES: Final = ("Salle Anche", "Salle Ravel", "Auditorium", "Studio de danse", "Salle Lully", "")
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


def teacher(chance: Random) -> str:
    """Make a teacher's name."""
    return f"{chance.choice(('M.', 'Mme'))} {chance.choice(_BEGINNINGS)}{chance.choice(_ENDINGS)}"


def hours(chance: Random) -> str:
    """Make the hours of a course, as one types them."""
    start = chance.randrange(9 * 60, 20 * 60, 15)
    (hour, minute), (end, end_minute) = divmod(start, 60), divmod(start + chance.choice((30, 45, 60)), 60)
    mark = chance.choice(":h")
    return f"{hour}{mark}{minute:02}-{end}{mark}{end_minute:02}"


def telephone(chance: Random) -> str:
    """Make a number that is nobody's, as one types it; or none."""
    first, second = chance.randrange(100), chance.randrange(100)
    spelling = chance.choice(
        ("01 99 00 {:02} {:02}", "019900{:02}{:02}", "01.99.00.{:02}.{:02}", "+33 1 99 00 {:02} {:02}", "")
    )
    return spelling.format(first, second)


def street(chance: Random) -> str:
    """Make a number in a street."""
    return f"{chance.randint(1, 199)} {chance.choice(_STREETS)}"


def mailbox(first: str, last: str, number: int, domain: str) -> str:
    """Make an address that no other family has."""
    apart = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("œ", "oe"))
    letters = "".join(each for each in apart if each.isascii() and (each.isalnum() or each in ".-"))
    return f"{letters[:40].strip('.-')}.{number}@{domain}"
