"""The sentence of each anomaly in a file of families, invoices or places: the fault, and the row left out."""

from typing import Final

from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.domain.text import visible

FAMILIES: Final = {
    "row_shifted": "Il y a plus de cellules que d'intitulés : un séparateur s'est glissé dans un texte.",
    "row_without_site": "Il n'y a pas de site.",
    "row_site_unknown": "Aucun site du réseau ne s'appelle « {site} ».",
    "row_without_identifier": "Il n'y a pas d'identifiant.",
    "row_identifier_unreadable": "« {identifier} » n'est pas un identifiant.",
    "row_not_a_family": "Cet identifiant est celui d'un compte de l'administration.",
    "row_is_a_login": "Cet identifiant est celui de l'accès d'un responsable, donné ici : il en faut un autre.",
    "row_identifier_moved": "Au dossier, c'est l'identifiant de « {name} », que ce fichier a aussi sous un autre : les "
    "identifiants ont-ils glissé ? S'il change vraiment de famille, faites d'abord effacer l'ancienne.",
    "row_identifier_alias": "C'est aussi un identifiant de « {name} » ({identifier}), changé ici : s'il est à une "
    "autre famille, rendez d'abord le sien à celle-là, dans son dossier.",
    "row_identifiers_two": "Cet identifiant et celui de la ligne {line} ouvrent le même compte, car il a été changé "
    "ici : gardez-en un seul dans le fichier, ou rendez d'abord à cette famille le sien, dans son dossier.",
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
INVOICES: Final = {
    "invoice_without_number": "Il n'y a pas de numéro de facture.",
    "invoice_number_unreadable": "« {number} » n'est pas un numéro de facture.",
    "invoice_without_date": "Il n'y a pas de date de facture.",
    "invoice_date_unreadable": "« {date} » n'est pas une date ; exemple : 28/02/2026.",
    "invoice_without_amount": "Il n'y a pas de montant.",
    "invoice_amount_unreadable": "« {amount} » n'est pas un montant sûr ; exemple : 1 234,50.",
    "payment_without_date": "Il y a un montant payé, mais pas de date de paiement.",
    "payment_without_amount": "Il y a une date de paiement, mais pas de montant payé.",
    "invoice_part_without_date": "Il y a le montant d'une échéance, mais pas sa date.",
    "invoice_part_without_amount": "Il y a la date d'une échéance, mais pas son montant.",
    "invoice_parts_unequal": "Les échéances de la facture {number} font {sum}, et la facture {amount} : corrigez "
    "la liste.",
    "invoice_of_two_families": "Le numéro {number} est aussi celui d'une autre famille, ligne {line}.",
    "invoice_contradicts": "La ligne {line} porte le même numéro ({number}) et dit autre chose de la facture.",
    "invoice_row_left_out": "Une autre ligne de la facture {number} est laissée de côté : la ligne {line}.",
    "invoice_repeated": "La ligne {line} répète un paiement de la facture {number} : s'il y en a eu deux le même jour, "
    "réunissez-les ; sinon, retirez une ligne.",
    "invoice_of_another": "Le numéro {number} est déjà au dossier d'une autre famille : {identifier} ({site}).",
    "invoice_family_unknown": "Aucune famille n'a l'identifiant {identifier} au site {site}.",
    "invoice_without_pdf": "Le dossier n'a pas de PDF au numéro {number}.",
    "invoice_pdf_twice": "Plusieurs PDF du dossier portent le numéro {number}.",
    "invoice_pdf_not_one": "Le fichier de la facture {number} n'est pas un PDF.",
    "invoice_pdf_cut_short": "Le PDF de la facture {number} est incomplet : exportez-le à nouveau.",
    "invoice_pdf_unlisted": "« {name} » : la facture manque-t-elle à la liste, ou le PDF est-il mal nommé ?",
    "invoice_pdf_too_big": "Le PDF de la facture {number} est démesuré : plus de 20 Mo.",
    "invoice_awaited_absent": "La facture {number} n'est pas dans le fichier, et un paiement en ligne de {amount} "
    "n'est pas encore confirmé : elle reste au dossier. Voyez « Paiements ».",
    "invoice_awaited_changed": "Un paiement en ligne de {amount} n'est pas encore confirmé pour la facture {number}, "
    "où le fichier laisse {left} à payer. Voyez « Paiements » avant d'importer.",
    "invoice_paid_unlisted": "{amount} payés en ligne le {day} pour la facture {number} ne sont pas dans le fichier : "
    "ils restent comptés. Notez-les dans votre logiciel.",
}
PLACES: Final = {
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
_ANOMALIES: Final = FAMILIES | INVOICES | PLACES
_LEFT_OUT: Final = "La ligne est laissée de côté."
_ALL_LEFT_OUT: Final = "Toutes les lignes de cet identifiant sont laissées de côté."
_INVOICE_LEFT_OUT: Final = "La facture est laissée de côté."
_OF_ALL_ROWS: Final = {"row_contradicts", "row_pupils_too_many", "row_identifiers_two"}


def sentence(anomaly: Anomaly) -> str:
    """Fill in the sentence of a code with its facts. Raises KeyError for an unknown code."""
    fault = _ANOMALIES[anomaly.code].format(**{name: visible(fact) for name, fact in anomaly.facts.items()})
    if anomaly.severity == "warning" or anomaly.code in PLACES:
        return fault
    if anomaly.code in INVOICES:
        return f"{fault} {_INVOICE_LEFT_OUT}"
    return f"{fault} {_ALL_LEFT_OUT if anomaly.code in _OF_ALL_ROWS else _LEFT_OUT}"
