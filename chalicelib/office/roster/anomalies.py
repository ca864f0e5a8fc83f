"""The sentences on the anomalies of the yearly file, with their effect or remedy."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.roster.yearly_file import Anomaly, Column

# The anomaly. An error ends with the effect on its row.
ANOMALIES: Final = {
    "row_shifted": "Il y a plus de cellules que d'intitulés : un séparateur s'est glissé dans un texte.",
    "row_without_site": "Il n'y a pas de site.",
    "row_site_unknown": "Aucun site du réseau ne s'appelle « {site} ».",
    "row_without_identifier": "Il n'y a pas d'identifiant.",
    "row_identifier_unreadable": "« {identifier} » n'est pas un identifiant.",
    "row_not_a_family": "Cet identifiant est celui d'un compte de l'administration.",
    "row_is_a_login": "Cet identifiant est celui de l'accès d'un responsable, donné ici : il en faut un autre.",
    "row_identifier_moved": "Au dossier, c'est l'identifiant de « {name} », que ce fichier a aussi sous un autre : les "
    "identifiants ont-ils glissé ? S'il change vraiment de famille, faites d'abord effacer l'ancienne.",
    "row_without_name": "Il n'y a pas de nom de famille.",
    "row_too_long": "La cellule est trop longue ({length} caractères).",
    "row_control": "La cellule contient un retour à la ligne ou un caractère invisible.",
    "row_formula_error": "Le tableur n'a pas su calculer cette cellule ({cell}).",
    "row_contradicts": "Doublon de la ligne {line} : même site et même identifiant, mais autre chose ici.",
    "row_pupils_too_many": "Trop d'élèves pour une seule famille depuis la ligne {line}.",
    "row_repeated": "Doublon : cette ligne répète la ligne {line} ; elle compte une fois.",
    "row_without_email": "Il n'y a pas d'adresse e-mail : cette famille sera prévenue par courrier.",
    "row_unreachable": "Il n'y a ni adresse e-mail ni adresse postale : cette famille ne peut pas être prévenue.",
    "row_address_too_long": "L'adresse postale dépasse six lignes avec le nom : La Poste n'en lit pas plus, "
    "raccourcissez-la.",
    "row_email_unreadable": "« {email} » n'est pas une adresse e-mail : celle du dossier reste.",
    "row_email_accented": "« {email} » a une lettre accentuée, aucun mail n'y parvient : l'adresse du dossier reste.",
    "row_email_typing": "« {email} » : vouliez-vous dire « {meant} » ? L'adresse est reprise telle quelle.",
    "row_email_shared": "« {email} » est aussi l'adresse d'une autre famille, ligne {line}.",
    "row_emails_too_many": "« {email} » est une adresse de trop : quatre au plus sont reprises.",
    "row_identifier_alike": "Seul un tiret le distingue de celui de la ligne {line} : chacun est à saisir tel quel.",
    "row_guardians_too_many": "« {name} » est un responsable de trop : quatre au plus sont repris.",
    "row_date_unreadable": "« {date} » n'est pas une date de naissance ; exemple : 28/02/2015.",
    "row_date_implausible": "« {date} » donnerait {age} ans à cet élève : cette date, à vérifier, n'est pas reprise.",
    "row_pupil_nameless": "Il y a une date ou un cours, mais pas le nom de l'élève.",
    "row_telephone_unreadable": "« {telephone} » n'est pas un numéro de téléphone : ceux du dossier restent.",
    "row_telephone_nameless": "Il y a un téléphone, mais pas le nom du responsable : ceux du dossier restent.",
    "row_telephones_differ": "Les téléphones ne sont pas ceux de la ligne {line} : ceux du dossier restent.",
    "row_payers_differ": "Le payeur n'est pas celui de la ligne {line} : celui du dossier reste.",
    "row_teacher_unlinked": "« {name} » n'est relié à aucun accès d'enseignant : personne ne voit ses cours.",
    "row_teacher_gone": "« {name} », à {site}, est relié à un accès d'enseignant et n'est plus dans le fichier.",
    "row_courses_without_teacher": "Cours sans professeur à {site}, dont celui-ci : {count}. Aucun enseignant n'y voit "
    "ses élèves.",
    "row_garbled": "Des lettres accentuées sont abîmées (« {cell} ») : enregistrez le fichier à nouveau, en UTF-8.",
}
_LEFT_OUT: Final = "La ligne est laissée de côté."
_ALL_LEFT_OUT: Final = "Toutes les lignes de cet identifiant sont laissées de côté."
_OF_ALL_ROWS: Final = {"row_contradicts", "row_pupils_too_many"}

# The names of columns that the file does not have.
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


def sentence(anomaly: Anomaly) -> str:
    """Describe an anomaly, and its effect on a row that is not imported."""
    fault = ANOMALIES[anomaly.code].format(**anomaly.facts)
    if anomaly.severity == "warning":
        return fault
    return f"{fault} {_ALL_LEFT_OUT if anomaly.code in _OF_ALL_ROWS else _LEFT_OUT}"


def heading(column: Column | None, headings: Mapping[Column, str]) -> str:
    """Name a column as the file does."""
    if column is None:
        return ""
    return headings.get(column, COLUMNS[column[0]])
