"""The desk's own sentences where the office's name a command: the same fact, with a way out on the web."""

from typing import Final

from chalicelib.office.refusals import OfficeRefusal

# By the refusal's code, with its own facts in braces.
WEB: Final[dict[str, str]] = {
    # periods and campaigns
    "period_drawn": "À {site}, la liste du tirage au sort est arrêtée et publiée : de nouvelles demandes n'y "
    "entreraient plus. Demandez à l'agence de l'annuler d'abord, au vu de tous, ou laissez la période finie.",
    "campaign_no_period": "Aucune période n'est annoncée ({site}) : annoncez-la d'abord, page « Saison ».",
    "campaign_period_over": "La période du site « {site} » est terminée : annoncez la nouvelle, page « Saison », ou "
    "choisissez un autre site.",
    "campaign_other": "Une autre campagne s'appelle déjà « {name} » : demandez à l'agence.",
    "remind_nobody_told": "Aucune annonce n'est encore partie : il n'y a rien à rappeler. Envoyez d'abord la première "
    "annonce.",
    "trial_undeliverable": "Amazon refuse d'écrire à « {email} » : vérifiez votre adresse.",
    "ses_paused": "Amazon a suspendu l'envoi des mails de ce compte : prévenez l'agence, qui doit lui répondre.",
    "campaign_is_stopped": "Cette campagne est arrêtée : cochez « Reprendre l'envoi » si c'est voulu.",
    # decisions on re-enrolments
    # decisions on applications
    "request_unknown": "Aucune demande pour vos sites n'a le numéro {number} : faites-le relire.",
    # files: their page says that nothing is stored yet
    "gone_rows_left_out": "Des lignes du fichier sont laissées de côté ({rows}) : corrigez-les avant de désactiver les "
    "familles parties, l'une d'elles peut s'y trouver.",
    "gone_site_nearly_empty": "Familles du site {site} : {on_file} au dossier, dont {listed} dans le fichier. Est-il "
    "complet ? Si c'est voulu, cochez la case.",
    "gone_many": "Familles à désactiver : {gone} sur {on_file}, plus d'une sur cinq. Le fichier est-il complet ? Si "
    "c'est voulu, cochez la case.",
    "import_identifiers_reused": "Identifiants repris ? {count} ({identifiers}) : le nom, les responsables et les "
    "élèves diffèrent tous du dossier. Si c'est une autre famille, cochez sa case : le compte de la précédente sera "
    "fermé, ce qui était à elle (réinscriptions, factures, pièces) effacé, un compte neuf ouvert et les deux prévenues "
    "par mail. Si c'est la même, laissez-lui dans le fichier un responsable ou un élève du dossier.",
    "import_many_lose": "Familles comparées : {compared}. À {lost} d'entre elles, plus d'une sur cinq, ce fichier "
    "changerait le nom d'un responsable ou d'un élève, ou retirerait un responsable, un élève, une date de naissance, "
    "un téléphone, un e-mail, une adresse ou des cours. Lisez « Changées » : les colonnes sont-elles bien lues ? Si "
    "c'est voulu, cochez la case.",
    "import_many_replaced": "Familles comparées : {compared}. À {changed} d'entre elles, plus d'une sur cinq, ce "
    "fichier remplacerait un téléphone, un e-mail ou une date de naissance. Lisez « Changées » : chaque ligne est-elle "
    "bien celle de sa famille ? Si c'est voulu, cochez la case.",
    "import_many_at_site": "Familles comparées au site {site} : {compared}. À {changed} d'entre elles, plus d'une sur "
    "cinq, ce fichier changerait ou retirerait des noms, des dates de naissance, des téléphones ou des e-mails. Lisez "
    "« Changées » : est-ce juste ? Si c'est voulu, cochez la case.",
    "file_columns_lacking": "Il manque ces colonnes : {columns} (lues : {headings}). Renommez-les dans le fichier ; si "
    "votre logiciel les nomme toujours ainsi, dites-le à qui exploite l'extranet.",
    "imports_column_unknown": "Les réglages du réseau nomment une colonne qui n'existe pas ({key}) : dites-le à qui "
    "exploite l'extranet.",
    # a family's page
}


def sentence_of(refusal: OfficeRefusal) -> str:
    """Write a refusal for a page, without a command or option."""
    words = WEB.get(refusal.code)
    return words.format(**refusal.facts) if words else refusal.sentence
