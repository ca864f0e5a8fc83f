"""The sentences of the command line alone, and of office refusals where a command or an option is the way out."""

from typing import Final

from chalicelib.office.refusals import ConfirmationNeeded, OfficeRefusal
from chalicelib.presentation.office import sentences
from chalicelib.presentation.office.refusals import fill
from chalicelib.settings.wings import has

IF_MEANT: Final = "Si c'est voulu, ajoutez --yes. Rien n'a été écrit."

SENTENCES: Final = {
    "local_absent": "Rien ne répond à {address} : lancez « make run » dans une autre fenêtre, ou choisissez --stage.",
    "local_of_another": "Le service de {address} est celui d'un autre dossier de Clef : lancez « make run » dans le "
    "vôtre (PORT=8001 pour un autre port), puis tapez ici la ligne « export » qu'il affiche.",
    "stage_refused": "Le fichier stages.toml ne décrit pas de déploiement « {stage} », ou le décrit mal : vérifiez "
    "--stage ; « make status STAGE={stage} » dit ce qui manque.",
    "stages_absent": "Cette commande est installée seule, sans le dossier du projet, qui décrit les déploiements dans "
    "stages.toml : elle ne joint qu'un « make run » de cette machine. Pour « {stage} », lancez « .venv/bin/clef » "
    "depuis le dossier du projet.",
    "stage_absent": "Rien n'est déployé sous le nom « {stage} » dans la région {region} : vérifiez --stage et vos "
    "identifiants AWS, ou déployez d'abord (« make deploy STAGE={stage} »).",
    "stage_of_another_account": "Vos identifiants AWS sont ceux du compte {account}, et « {stage} » est dans le compte "
    "{its} (stages.toml) : prenez ceux de ce compte (AWS_PROFILE), puis relancez.",
    "stage_outdated": "Le déploiement « {stage} » est plus ancien que cette commande : mettez-le à jour (« make "
    "deploy STAGE={stage} »).",
    "keys_lost": "Les clés du déploiement « {stage} » ne sont plus là où AWS les gardait : ne faites rien de plus, et "
    "prévenez la personne qui l'exploite (docs/runbook.md, « A lost key »).",
    "network_refused": "Le fichier network.toml n'est pas accepté ({place} : {why}).",
    "admission_left_out": "Ce réseau n'a pas de « Pré-inscription » : retirez --new (« wings », dans network.toml).",
    "period_unpublished": "La période est enregistrée, mais les pages publiques ne la disent pas toutes : la même "
    "commande, relancée, les publiera. {why}",
    # the rehearsal of an opening
    "rehearsal_period_open": "Une période est ouverte ({sites}) : de vraies familles peuvent venir en ce moment. Si "
    "c'est voulu, ajoutez --force.",
    "rehearsal_remains": "Une répétition n'a pas tout effacé : d'abord « clef rehearse --clean-up --stage {stage} ».",
    # the yearly file: the file itself
    "file_columns_lacking": "Il manque ces colonnes : {columns} (lues : {headings}). Renommez-les dans le fichier, ou "
    "dites leurs noms dans network.toml, sous [{section}].",
    "file_has_sites": "Le fichier a une colonne de sites : retirez --site.",
    "pdfs_not_folder": "« {folder} » n'est pas un dossier : donnez celui des PDF, --pdfs DOSSIER.",
    "imports_column_unknown": "Dans network.toml, [{section}] : « {key} » n'est pas une colonne. Colonnes : {keys}.",
    "report_is_file": "--report écrirait par-dessus {file}, qui est le fichier à lire : donnez un autre nom.",
    # the yearly file: families gone from it
    "gone_rows_left_out": "Pas de désactivation tant que des lignes sont laissées de côté ({rows}) : une famille crue "
    "partie peut s'y trouver. Rien n'a été écrit.",
    # the yearly file: an identifier that is another family's, what many families would lose
    "import_identifiers_reused": "Identifiants repris ? {count} ({identifiers}) : le nom, les responsables et les "
    "élèves diffèrent tous du dossier. Si c'est une autre famille, --yes ferme le compte de la précédente, efface ce "
    f"qui était à elle (réinscriptions, {'factures, ' * has('billing')}pièces), ouvre un compte neuf et "
    "prévient les deux par mail. Si c'est la même, laissez-lui dans le fichier un responsable ou un élève du "
    "dossier. Rien n'a été écrit.",
    # letters by post, progress
    "file_not_written": "« {path} » n'a pas pu être écrit ({why}) : choisissez un autre endroit ou faites de la place.",
    # the notice by mail, its reminders
    "campaign_no_period": "Aucune période n'est annoncée ({site}) : dites-la d'abord, « clef period set ».",
    "campaign_period_over": "La période du site « {site} » est terminée : annoncez la nouvelle, « clef period set », "
    "ou choisissez un autre site, --site.",
    "campaign_is_stopped": "Cette campagne est arrêtée : rien n'est parti.",
    "campaign_other": "Une autre campagne s'appelle déjà « {name} » : donnez un autre nom.",
    "remind_nobody_told": "Aucune campagne n'a commencé : il n'y a rien à rappeler. D'abord « clef campaign send ».",
    "trial_undeliverable": "SES refuse d'écrire à « {email} » : vérifiez l'adresse.",
    "ses_paused": "AWS a suspendu l'envoi des mails de ce compte : répondez au mail d'AWS, console SES.",
    # one account: the desk and the rights
    "several_sites": "L'identifiant « {typed} » existe à plusieurs sites : ajoutez --site et l'un d'eux, {sites}.",
    # applications
    "erasure_overtaken": "Quelqu'un d'autre vient de modifier le compte « {typed} » : regardez-le au bureau, sous "
    "« Recherche », puis relancez la même commande si c'est toujours voulu.",
    # a whole stage, exported and imported
    "export_other_files": "Le dossier « {folder} » tient autre chose qu'un export : donnez un dossier vide ou nouveau.",
    "export_of_another": "Ce dossier tient un export du déploiement « {stage} », aux clés différentes : donnez-en un "
    "autre.",
    "export_done": "Ce dossier tient déjà un export fini ({at}) : donnez-en un autre. « clef export check » le relit.",
    "export_incomplete": "Le dossier « {folder} » ne tient pas d'export fini : « clef export all » le commence, ou le "
    "reprend.",
    "export_damaged": "« {file} » manque ou n'est plus tel qu'il a été écrit : cet export ne sert pas. Reprenez une "
    "autre copie, ou exportez à nouveau dans un dossier vide. Rien n'a été écrit.",
    "import_network": "Cet export est celui d'un autre réseau, « {network} » : choisissez le déploiement de ce réseau. "
    "S'il a changé de nom, remettez l'ancien dans network.toml jusqu'à la fin de l'import. Rien n'a été écrit.",
    "import_sites": "Ce déploiement n'a pas les sites de l'export ({sites}) : reprenez le network.toml du dossier, "
    "déployez, puis relancez. Rien n'a été écrit.",
    "import_done": "Cet export est déjà repris en entier ici. Rien n'a été écrit.",
    "import_not_empty": "Ce déploiement n'est pas vide ({places}) : un import ne se fait que dans un déploiement neuf. "
    "Rien n'a été écrit.",
    "import_other": "« {key} » ({place}) n'est pas ici comme dans l'export : on écrit déjà dans ce déploiement. "
    "Détruisez-le, déployez-le à neuf, ne l'ouvrez à personne, puis relancez.",
    # the jobs of the desk
    "not_a_terminal": "Cette commande demande une confirmation, et personne ne peut répondre ici : ajoutez --yes.",
    "not_confirmed": "Rien n'a été fait.",
}


def sentence_of(refusal: OfficeRefusal) -> str:
    """Write a refusal for the terminal: with the command or the option that goes on, where there is one."""
    text = SENTENCES.get(refusal.code)
    sentence = fill(text or sentences.SENTENCES[refusal.code], refusal.facts)
    return f"{sentence} {IF_MEANT}" if isinstance(refusal, ConfirmationNeeded) and not text else sentence
