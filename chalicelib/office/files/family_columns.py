"""The columns of the yearly file, as French spreadsheets and the schools' software call them."""

from typing import Final

from chalicelib.domain.roster.yearly_file import NEEDED, ONCE, SEVERAL
from chalicelib.office.files.columns import IDENTIFIER, SITE, Columns, Synonyms
from chalicelib.office.roster.anomalies import COLUMNS

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
