"""The sentences of the command line alone, and of office refusals where a command or an option is the way out."""

from typing import Final

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.survey import ConfirmationNeeded
from chalicelib.presentation.office import sentences
from chalicelib.presentation.office.refusals import fill

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
    "stage_outdated": "Le déploiement « {stage} » est plus ancien que cette commande : mettez-le à jour (« make "
    "deploy STAGE={stage} »).",
    "keys_lost": "Les clés du déploiement « {stage} » ne sont plus là où AWS les gardait : ne faites rien de plus, et "
    "prévenez la personne qui l'exploite (docs/runbook.md, « A lost key »).",
    "network_refused": "Le fichier network.toml n'est pas accepté ({place} : {why}).",
    "period_unpublished": "La période est enregistrée, mais les pages publiques ne la disent pas toutes : la même "
    "commande, relancée, les publiera. {why}",
    "period_drawn": "À {site}, la liste du tirage au sort est arrêtée et publiée : de nouvelles demandes n'y "
    "entreraient plus. Annulez-la d'abord, au vu de tous (« clef draw cancel --site {place} »), ou laissez la période "
    "finie.",
    # the yearly file: the file itself
    "file_columns_lacking": "Il manque ces colonnes : {columns} (lues : {headings}). Renommez-les dans le fichier, ou "
    "dites leurs noms dans network.toml, sous [{section}].",
    "file_has_sites": "Le fichier a une colonne de sites : retirez --site.",
    "pdfs_not_folder": "« {folder} » n'est pas un dossier : donnez celui des PDF, --pdfs DOSSIER.",
    "imports_column_unknown": "Dans network.toml, [{section}] : « {key} » n'est pas une colonne. Colonnes : {keys}.",
    "report_is_file": "--report écrirait par-dessus {file}, qui est le fichier à lire : donnez un autre nom.",
    # the yearly file: families gone from it
    "gone_rows_left_out": "Des lignes du fichier sont laissées de côté ({rows}) : corrigez-les avant de désactiver "
    "les familles parties, l'une d'elles peut s'y trouver. Rien n'a été écrit.",
    # the yearly file: an identifier that is another family's, what many families would lose
    "import_identifiers_reused": "Identifiants repris ? {count} ({identifiers}) : le nom, les responsables et les "
    "élèves diffèrent tous du dossier. Si c'est une autre famille, --yes ferme le compte de la précédente, efface ce "
    "qui était à elle (réinscriptions, factures, pièces), ouvre un compte neuf et prévient les deux par mail. Si "
    "c'est la même, laissez-lui dans le fichier un responsable ou un élève du dossier. Rien n'a été écrit.",
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
    "several_sites": "L'identifiant « {typed} » existe à plusieurs sites ; ajoutez l'un d'eux : {sites}.",
    "author_missing": "Dites qui agit (--as) et pourquoi (--why) : c'est écrit au journal.",
    "office_who_long": "Le nom de qui agit (--as) est trop long : {longest} caractères au plus.",
    "office_why_long": "La raison (--why) est trop longue : {longest} caractères au plus.",
    "who_missing": "Dites qui agit (--as) : c'est écrit au journal.",
    "email_which": "Il y a plusieurs adresses au dossier ({emails}) : ajoutez --replace ADRESSE pour en remplacer "
    "une, ou --add pour en avoir une de plus.",
    "email_last": "C'est la dernière adresse au dossier : sans elle, la famille ne peut plus recevoir de mot de "
    "passe. Confirmez avec --yes.",
    "resend_to_another": "« {email} » est l'adresse d'un autre responsable : le mot de passe de ce compte n'y part "
    "pas. Renvoyez celui de son propre accès ; s'il n'en a pas : « clef desk invite ».",
    "resend_nowhere": "Aucune adresse au dossier ne reçoit nos mails : corrigez-la d'abord avec « clef desk email "
    "{typed} ADRESSE », ou envoyez quand même à l'une d'elles avec --to ADRESSE.",
    "resend_suppressed": "Nos mails ne partent plus vers {emails} : un mot de passe n'y arriverait pas. Si la boîte "
    "marche à nouveau : « clef desk unsuppress {typed} » d'abord ; sinon « clef desk email {typed} ADRESSE ».",
    "unsuppress_which": "Dites pour quelle adresse : « clef desk unsuppress IDENTIFIANT ADRESSE ». Adresses au "
    "dossier : {emails}.",
    "resend_disabled": "Le compte est désactivé : un mot de passe n'ouvrirait rien. D'abord : « clef desk enable "
    "{typed} ».",
    # a guardian's own login
    "login_which": "Dites pour quel responsable : --guardian NOM. Peuvent avoir leur propre accès : {names}.",
    "invite_last_email": "C'est la seule adresse e-mail au dossier : il en faut une autre pour l'accès de la famille, "
    "« clef desk email {typed} ADRESSE --add ».",
    "login_closed": "L'accès de {name} est fermé : « clef desk enable {login} » d'abord.",
    "separate_without_email": "Le premier responsable n'a pas d'adresse e-mail à lui au dossier : sans elle, il ne "
    "pourrait plus se connecter. D'abord : « clef desk email {typed} ADRESSE ».",
    # applications
    "erasure_overtaken": "Quelqu'un d'autre vient de modifier le compte « {typed} » : regardez-le (« clef desk show "
    "»), puis relancez la même commande si c'est toujours voulu.",
    # the draws
    "draw_other_order": "À {site}, les places ne sont pas tirées au sort. Pour qu'elles le soient : network.toml, "
    "section [admission], « orders » donne l'ordre de {place}.",
    "draw_no_period": "Aucune période de nouvelles demandes n'est annoncée à {site} : « clef period set --new --site "
    "{place} » d'abord.",
    "draw_source": "Dites quel nombre public servira, et comment il s'écrit (--seed-source) : de {shortest} à "
    "{longest} caractères. Exemple : « les cinq numéros du tirage du Loto du samedi 3 juillet 2027, en ordre "
    "croissant, sur deux chiffres, séparés par un tiret ; s'il n'a pas lieu, ceux du tirage suivant ».",
    "draw_prepared_before": "Le tirage de {site} est préparé depuis le {day}, et sa liste est publiée : elle ne "
    "change plus. Pour la voir : « clef draw show --site {place} ».",
    "draw_meanwhile": "Quelqu'un d'autre vient d'agir sur le tirage de {site} : rien n'a été fait ici. Regardez-le (« "
    "clef draw show »).",
    "draw_absent": "Aucun tirage n'est préparé à {site} cette saison : « clef draw prepare --site {place} » d'abord.",
    "draw_rule_unknown": "Ce tirage a été préparé par une autre version, avec une règle que celle-ci ne connaît pas "
    "({rule}) : utilisez une version de « clef » plus récente.",
    "draw_unpublished": "C'est enregistré, mais les pages publiques ne le disent pas toutes : « clef draw publish » "
    "les publiera. {why}",
    # the places
    "places_wrong": "Rien n'a été écrit : {errors} anomalies dans le fichier. Corrigez-les, puis relancez.",
    "places_meanwhile": "Une place vient d'être proposée ou acceptée ({pool}, {site}), que ce fichier retire : ce qui "
    "précède est écrit, pas la suite. Relancez la commande sans --apply pour voir ce qu'il en est.",
    # the staff
    "staff_unknown": "Personne n'a d'accès au bureau avec l'adresse « {email} » : « clef staff list » les montre tous.",
    "staff_name_missing": "Donnez le nom de la personne (--name) : il est écrit au journal, avec ce qu'elle fait.",
    "staff_role_missing": "Donnez un rôle (--role).",
    "staff_role_unknown": "« {role} » n'est pas un rôle. Rôles : {roles}.",
    "staff_sites_missing": "Dites à quels sites (--site, à répéter au besoin) : le rôle « {role} » n'ouvre que "
    "ceux-là.",
    "staff_active": "{name} a déjà un accès, et s'en sert : pour le refaire, « clef staff reset {email} ».",
    "staff_disabled": "Cet accès est désactivé : réactivez-le d'abord, « clef staff enable {email} ».",
    "staff_other_role": "Cette personne est déjà invitée, avec un autre rôle ou d'autres sites : changez-les d'abord, "
    "« clef staff roles {email} », ou invitez-la à nouveau sans --role ni --site.",
    # the teachers
    "teaching_not_teacher": "{name} n'est pas de rôle « enseignement » : donnez-lui ce rôle d'abord, « clef staff "
    "roles {email} --role teacher ».",
    "teaching_site_foreign": "{name} n'est pas du site {site}, mais de {sites} : « clef staff roles {email} » peut "
    "l'y ajouter.",
    "teaching_no_names": "Aucun professeur n'est connu à {site} : importez le fichier annuel, ou refaites les emplois "
    "du temps, « clef staff timetables ».",
    # the jobs of the desk
    "not_a_terminal": "Cette commande demande une confirmation, et personne ne peut répondre ici : ajoutez --yes.",
    "not_confirmed": "Rien n'a été fait.",
}


def sentence_of(refusal: OfficeRefusal) -> str:
    """Write a refusal for the terminal: with the command or the option that goes on, where there is one."""
    own = SENTENCES.get(refusal.code)
    sentence = fill(own or sentences.SENTENCES[refusal.code], refusal.facts)
    return f"{sentence} {IF_MEANT}" if isinstance(refusal, ConfirmationNeeded) and not own else sentence
