"""The French sentence of each refusal of the office, by its code. Pages show them, so none names a command."""

from typing import Final

from chalicelib.settings.wings import has

SENTENCES: Final = {
    "site_unknown": "Aucun site ne s'appelle « {site} ». Sites du réseau : {sites}.",
    "period_backwards": "La période se termine avant de commencer : donnez d'abord le premier jour, puis le dernier.",
    "period_moved": "Quelqu'un d'autre vient de changer les périodes : relisez-les, puis recommencez.",
    "period_moved_by": "{who} vient de changer les périodes (le {when}) : relisez-les, puis recommencez.",
    "period_over": "Cette période est déjà terminée, et les familles le liraient ainsi : est-ce la bonne année ?",
    "period_far": "Cette période n'ouvre que dans plus d'un an : est-ce la bonne année ?",
    "period_long": "Cette période dure plus de six mois : les deux années sont-elles bonnes ?",
    "period_closes": "La période est ouverte en ce moment, et fermerait aussitôt : {sites}.",
    "period_drawn": "À {site}, la liste du tirage au sort est arrêtée et publiée : de nouvelles demandes n'y "
    "entreraient plus. Annulez-la d'abord, au vu de tous (au bureau, page « Tirages au sort »), ou laissez la "
    "période finie.",
    # the yearly file: the file itself
    "file_absent": "Le fichier {file} est introuvable : vérifiez son nom et son dossier.",
    "file_is_folder": "{file} est un dossier : donnez le fichier qui est dedans.",
    "file_locked": "Le fichier {file} ne se laisse pas lire ({reason}) : fermez-le ailleurs, ou vérifiez vos droits.",
    "file_empty": "Le fichier {file} est vide : exportez-le à nouveau.",
    "file_too_big": "Le fichier {file} est démesuré : exportez seulement la liste.",
    "file_not_table": "Le fichier {file} n'est ni un CSV ni un XLSX : exportez la liste dans l'un de ces formats.",
    "file_is_xls": "Le fichier {file} est d'un ancien format d'Excel, ou protégé par un mot de passe : enregistrez-le "
    "en XLSX, sans mot de passe.",
    "file_is_ods": "Le fichier {file} vient d'OpenOffice ou de LibreOffice : enregistrez-le en XLSX ou en CSV.",
    "file_xlsx_broken": "Le fichier {file} est abîmé : ouvrez-le dans le tableur et enregistrez-le à nouveau en XLSX.",
    "file_xlsx_strict": "Le fichier {file} est au format « Strict Open XML » : enregistrez-le comme « Classeur Excel "
    "(.xlsx) ».",
    "file_encoding": "Le fichier {file} n'est ni en UTF-8 ni en Windows-1252 : enregistrez-le en CSV UTF-8.",
    "file_quotes": "Fichier {file}, ligne {line} : guillemets mal fermés ; enregistrez-le à nouveau en CSV.",
    "file_changed": "Le fichier {file} a changé pendant la lecture : recommencez.",
    "file_sheets_many": "Plusieurs feuilles peuvent être la liste ({sheets}) : gardez-en une par fichier.",
    "file_headings_unknown": "Aucun intitulé de colonne n'est connu (lus : {headings}) : la première ligne doit "
    "nommer les colonnes {columns}, etc.",
    "file_columns_lacking": "Il manque ces colonnes : {columns} (lues : {headings}). Renommez-les dans le fichier ; "
    "si votre logiciel les nomme toujours ainsi, dites-le à qui exploite l'extranet.",
    "file_heading_twice": "Les colonnes « {one} » et « {other} » disent toutes deux « {meaning} » : renommez ou "
    "retirez l'une d'elles.",
    "file_headings_in_two_rows": "Les intitulés sont sur deux lignes, et ne se lisent pas ensemble à coup sûr : "
    "{headings}. Mettez un seul intitulé au-dessus de chaque colonne, par exemple « Téléphone du responsable 1 », et "
    "retirez l'autre ligne.",
    "file_of_other_sites": "Ce fichier ne liste que d'autres sites que les vôtres (lignes : {rows}) : rien n'en est "
    "étudié. Vérifiez la colonne des sites.",
    "file_has_sites": "Le fichier a une colonne de sites : laissez-la désigner les sites.",
    "invoices_without_rows": "Sous les intitulés, le fichier ne liste aucune facture : exportez-le à nouveau.",
    "invoice_unknown": "Cette facture n'est plus au dossier de la famille : quelqu'un d'autre l'a peut-être retirée.",
    "file_without_rows": "Sous les intitulés, le fichier ne liste aucune famille : exportez-le à nouveau.",
    "imports_column_unknown": "Les réglages du réseau nomment une colonne qui n'existe pas ({key}) : dites-le à qui "
    "exploite l'extranet.",
    # the yearly file: families gone from it
    "gone_rows_left_out": "Pas de désactivation tant que des lignes sont laissées de côté ({rows}) : une famille crue "
    "partie peut s'y trouver.",
    "gone_site_nearly_empty": "Familles du site {site} : {on_file} au dossier, dont {listed} dans le fichier. Est-il "
    "complet ?",
    "gone_many": "Familles à désactiver : {gone} sur {on_file}, plus d'une sur cinq. Le fichier est-il complet ?",
    # the yearly file: an identifier that is another family's, what many families would lose
    "import_identifiers_reused": "Identifiants repris ? {count} ({identifiers}) : le nom, les responsables et les "
    "élèves diffèrent tous du dossier. Si c'est une autre famille, cochez sa case : le compte de la précédente sera "
    f"fermé, ce qui était à elle (réinscriptions, {'factures, ' * has('billing')}pièces) effacé, un compte neuf "
    "ouvert et les deux prévenues par mail. Si c'est la même, laissez-lui dans le fichier un responsable ou un "
    "élève du dossier.",
    "import_many_lose": "Familles comparées : {compared}. À {lost} d'entre elles, plus d'une sur cinq, ce fichier "
    "changerait le nom d'un responsable ou d'un élève, ou retirerait un responsable, un élève, une date de naissance, "
    "un téléphone, un e-mail, une adresse, des cours, ou leur professeur, leur horaire, leur lieu. Lisez « Changées » "
    ": les colonnes sont-elles bien lues ?",
    "import_many_replaced": "Familles comparées : {compared}. À {changed} d'entre elles, plus d'une sur cinq, ce "
    "fichier remplacerait un téléphone, un e-mail ou une date de naissance. Lisez « Changées » : chaque ligne "
    "est-elle bien celle de sa famille ?",
    "import_many_at_site": "Familles comparées au site {site} : {compared}. À {changed} d'entre elles, plus d'une sur "
    "cinq, ce fichier changerait ou retirerait des noms, des dates de naissance, des téléphones ou des e-mails. Lisez "
    "« Changées » : est-ce juste ?",
    # letters by post, progress
    "campaign_unknown": "Aucune campagne ne s'appelle « {campaign} ». Campagnes : {campaigns}.",
    # the notice by mail, its reminders
    "campaign_name": "« {name} » ne peut pas nommer une campagne : prenez des lettres sans accent, des chiffres et "
    "des tirets, 60 au plus.",
    "campaign_no_period": "Aucune période n'est annoncée ({site}) : annoncez-la d'abord, page « Saison ».",
    "campaign_period_over": "La période du site « {site} » est terminée : annoncez la nouvelle, page « Saison », ou "
    "choisissez un autre site.",
    "campaign_nobody": "Personne n'est à prévenir : rien n'est parti.",
    "campaign_is_stopped": "Cette campagne est arrêtée : cochez « Reprendre l'envoi » si c'est voulu.",
    "campaign_at_work": "{who} a déjà demandé cet envoi (le {when}) : il est en cours, rien n'est parti deux fois.",
    "campaign_other": "Une autre campagne s'appelle déjà « {name} » : demandez à l'agence.",
    "remind_nobody_told": "Aucune annonce n'est encore partie : il n'y a rien à rappeler. Envoyez d'abord la première "
    "annonce.",
    "remind_nothing_to_do": "Les familles de cette étape n'ont rien à faire : choisissez une autre étape.",
    "remind_too_early": "La réinscription du site « {site} » n'est pas encore ouverte : ce rappel attend qu'elle le "
    "soit.",
    "trial_undeliverable": "Le service d'envoi refuse d'écrire à « {email} » : vérifiez votre adresse.",
    "ses_paused": "Le service d'envoi a suspendu nos mails : prévenez l'agence, qui doit lui répondre.",
    # one account: the desk and the rights
    "identifier_malformed": "« {typed} » n'est pas un identifiant : donnez celui du mail ou du courrier.",
    "family_unknown": "Aucune famille n'a l'identifiant « {typed} » : vérifiez-le, ou cherchez la famille par son nom.",
    "family_elsewhere": "L'identifiant « {typed} » n'existe pas à ce site, mais à : {sites}.",
    "several_sites": "L'identifiant « {typed} » existe à plusieurs sites : dites lequel. Sites : {sites}.",
    "several_spellings": "« {typed} » désigne plusieurs comptes d'un même site ; donnez l'identifiant exact : {spelt}.",
    "family_vanished": "Le compte « {typed} » vient d'être effacé par quelqu'un d'autre.",
    "author_missing": "Dites pourquoi : c'est écrit au journal.",
    "office_who_long": "Le nom est trop long : {longest} caractères au plus.",
    "office_why_long": "La raison est trop longue : {longest} caractères au plus.",
    "find_nothing_typed": "Donnez au moins une lettre ou un chiffre à chercher.",
    "email_unreadable": "« {email} » n'est pas une adresse e-mail complète. Exemple : nom@example.org",
    "email_not_ascii": "« {email} » contient un accent ou un caractère spécial : nos mails n'y arriveraient pas. "
    "Faites-vous épeler l'adresse.",
    "email_known": "L'adresse {email} est déjà au dossier : il n'y a rien à changer.",
    "email_not_on_file": "L'adresse « {email} » n'est pas au dossier. Adresses au dossier : {emails}.",
    "email_likely": "« {email} » ressemble à {meant}. Si c'est bien {email}, cochez la case, puis recommencez.",
    "unsuppress_complaint": "Un de nos mails à {email} a été signalé comme indésirable. Si la famille demande "
    "elle-même à les recevoir de nouveau, cochez la case.",
    "email_moved": "Quelqu'un a changé les adresses de cette famille depuis que vous les lisez{change}. Au dossier "
    "maintenant : {emails}. Rien n'a été changé de plus : relisez-les, puis recommencez.",
    "correction_moved": "Quelqu'un a changé cette partie du dossier depuis que vous la lisez{change}. Rien n'a été "
    "changé de plus : relisez ce qui est au dossier, puis recommencez s'il le faut.",
    "document_moved": "Cette pièce a changé depuis que vous la lisez. Rien n'a été noté : relisez-la, puis "
    "recommencez.",
    "document_words": "Dites à la famille pourquoi cette pièce est refusée, et quoi fournir.",
    "extension_no_period": "Aucune période de réinscription n'est ouverte ou passée pour cette famille cette année.",
    "extension_day": "Choisissez un jour à venir, après le {closes_on} et le {last} au plus tard.",
    "extension_moved": "Le délai de cette famille vient d'être changé{extension}. Rien n'a été changé : regardez-le "
    "ci-dessous, puis recommencez s'il le faut.",
    "notes_full": "Ce dossier a déjà {most} notes, le plus qu'il puisse avoir. Rien n'a été ajouté : écrivez celle-ci "
    "dans votre logiciel.",
    "merge_same": "C'est déjà le même compte : donnez l'identifiant de l'autre.",
    "merge_not_families": "Seuls deux comptes de familles se réunissent : donnez l'identifiant d'une famille.",
    "merge_at_work": "Ce compte est en train d'être réuni avec un autre : attendez quelques minutes, puis recommencez.",
    "merge_disabled": "L'un des deux comptes est désactivé : réactivez-le d'abord (« Réactiver le compte »).",
    "merge_separated": "Les coordonnées des responsables sont séparées dans l'un des deux comptes, et se liraient dans "
    "l'autre : gardez deux comptes, ou rendez-les d'abord communes avec l'accord des deux responsables.",
    "merge_frozen": "La famille de l'un des deux comptes l'a bloqué (« Ce n'est pas moi ») : renvoyez-lui d'abord un "
    "mot de passe, et attendez qu'elle s'en serve.",
    "merge_logins": "Un responsable du compte qui s'arrêterait a son propre accès, qui resterait sans famille : gardez "
    "plutôt ce compte-là, en commençant depuis son dossier.",
    "merge_pupil_twice": "Un élève est dans les deux comptes, corrigé dans l'un seulement : corrigez son nom et sa "
    "date de naissance de la même façon dans les deux. Si l'un a été corrigé ici, remettez d'abord ce qui était écrit.",
    "merge_differs": "Les deux comptes ont, pour un même élève ou une même facture, des réponses ou des notes "
    "différentes : rien n'est réuni, pour n'en perdre aucune. Gardez deux comptes jusqu'à la prochaine saison, ou "
    "demandez à qui exploite l'extranet d'effacer celui dont les données ne comptent pas.",
    "merge_import": "Un fichier est à l'étude ou s'applique en ce moment, et peut nommer l'un des deux comptes : "
    "attendez qu'il soit terminé (page « Fichiers »), puis recommencez.",
    "merge_moved": "L'un des deux comptes vient de changer : relisez-les, puis recommencez.",
    "identifier_taken": "« {typed} » ouvre déjà un autre compte de ce site, ou ne s'en distingue que par un tiret. "
    "Rien n'a été changé : donnez un autre identifiant. Si l'autre compte l'a eu par erreur, rendez-lui d'abord son "
    "identifiant d'avant.",
    "guardian_twin": "Un responsable de la famille s'appelle déjà {name}. Rien n'a été changé.",
    "note_old": "Cette note a plus d'un jour : elle reste au dossier. Écrivez-en une autre, qui la corrige.",
    "turn_overtaken": "Quelqu'un vient de changer qui s'occupe de ce dossier, ou le jour du rappel. Rien n'a été "
    "changé de plus : voyez ce qui est au dossier maintenant.",
    "turn_day": "Choisissez aujourd'hui ou un jour de l'année qui vient.",
    "pupil_twin": "Un autre élève de la famille s'appelle déjà {name} et a la même date de naissance : vérifiez lequel "
    "corriger.",
    "email_last": "C'est la dernière adresse au dossier : sans elle, la famille ne peut plus recevoir de mot de passe. "
    "Si c'est voulu, cochez la case.",
    "resend_to_another": "« {email} » est l'adresse d'un autre responsable : le mot de passe de ce compte n'y part "
    "pas. Renvoyez celui de son propre accès ; s'il n'en a pas, invitez-le.",
    "resend_nowhere": "Aucune adresse au dossier ne reçoit nos mails : mettez-en d'abord une autre au dossier, ou "
    "choisissez celle à laquelle envoyer quand même.",
    "resend_suppressed": "Nos mails ne partent plus vers {emails} : un mot de passe n'y arriverait pas. Si la boîte "
    "marche à nouveau, faites d'abord repartir nos mails ; sinon, mettez une autre adresse au dossier.",
    "unsuppress_which": "Dites pour quelle adresse. Adresses au dossier : {emails}.",
    "resend_disabled": "Le compte est désactivé : un mot de passe n'ouvrirait rien. Réactivez-le d'abord.",
    "resend_too_soon": "Trop de mots de passe sont partis vers cette famille : le prochain, à partir de {until}. "
    "Faites regarder le dernier reçu, courriers indésirables compris.",
    "letter_nowhere": "Aucune adresse postale n'est au dossier : le courrier n'aurait pas d'enveloppe.",
    "letter_excluded": "Ce courrier invite à se connecter et à se réinscrire : il ne s'imprime pas pour un compte "
    "désactivé, ni pour une famille qui n'est pas, ou plus, dans le fichier annuel.",
    "letter_unprinted": "Ce courrier ne peut pas être imprimé ({why}) : écrivez-le à la main.",
    # a guardian's own login
    "login_which": "Dites pour quel responsable. Peuvent avoir leur propre accès : {names}.",
    "invite_without_email": "{name} n'a pas d'adresse e-mail au dossier : un mot de passe ne peut pas lui être "
    "envoyé. Ajoutez-en une dans votre logiciel, ou demandez à la famille de l'ajouter.",
    "invite_email_shared": "L'adresse e-mail de {name} est aussi celle d'un autre responsable : chacun doit avoir la "
    "sienne pour avoir son accès.",
    "invite_last_email": "C'est la seule adresse e-mail au dossier : il en faut une autre pour l'accès de la famille. "
    "Ajoutez-la d'abord.",
    "logins_used_up": "Aucun identifiant n'est libre pour un accès de plus à « {typed} ».",
    "login_closed": "L'accès de {name} est fermé : ouvrez sa page, plus haut, et réactivez-le d'abord.",
    "login_in_use": "{name} se connecte déjà avec son propre accès : aucune invitation n'est partie. Mot de passe "
    "oublié ? « Mot de passe perdu » en envoie un autre à son adresse e-mail.",
    "separate_without_email": "Le premier responsable n'a pas d'adresse e-mail à lui au dossier : sans elle, il ne "
    "pourrait plus se connecter. Ajoutez-la d'abord.",
    # the re-enrolments
    "season_malformed": "« {typed} » n'est pas une saison : donnez l'année où la période ouvre, par exemple 2027.",
    "receipt_unknown": "Aucun reçu n'a le numéro {number} : faites-le relire, ou cherchez la famille par son nom.",
    "decide_words": "Écrivez à la famille pourquoi, ou ce qu'elle doit compléter : {longest} caractères au plus.",
    "decision_words_long": "Le texte pour la famille est trop long : {longest} caractères au plus.",
    "decide_nothing_sent": "Rien n'a été envoyé pour {name} : il n'y a rien à décider.",
    "decide_leaving": "{name} ne se réinscrit pas : il n'y a rien à décider.",
    "decide_before": "{name} : {decision}. Rien n'a été changé ; pour en décider autrement, cochez « Changer la "
    "décision déjà prise ».",
    "decide_meanwhile": "Une décision vient d'être prise pour {name} : {decision}. Rien n'a été changé.",
    "undo_used": "L'adresse ajoutée a déjà reçu un mot de passe : le changement reste, et un mail en avertit les "
    "adresses d'avant. Si elle est fausse, retirez-la : ce mot de passe n'ouvrira plus rien.",
    "undo_late": "Les trente secondes sont passées, et le mail est parti : rien n'a été changé.",
    "undo_resent": "La famille vient de renvoyer ses réponses pour {name} : elles attendent une décision, et il n'y a "
    "plus rien à annuler.",
    "decide_resent": "La famille vient de renvoyer sa demande pour {name} (reçu {number}, le {at}). Rien n'a été "
    "décidé : relisez-la ici, puis recommencez.",
    "decide_household": "La famille vient de renvoyer « Mon foyer » (reçu {number}, le {at}). Rien n'a été décidé : "
    "regardez ce qui a changé, puis recommencez.",
    "export_too_large": "Ce fichier aurait plus de lignes qu'une page ne peut en rendre ({rows}) : choisissez un "
    "site, un état ou une discipline, et recommencez.",
    "decide_vanished": "La réinscription de cette famille vient d'être effacée par quelqu'un d'autre.",
    # applications
    "request_number": "« {typed} » n'est pas le numéro d'une demande : il s'écrit P27-K4TN-8WCB.",
    "request_unknown": "Aucune demande pour vos sites n'a le numéro {number} : faites-le relire.",
    "request_withdrawn": "La famille a retiré sa demande pour {name} le {at}. Rien n'a été changé.",
    "request_accepted_before": "{name} : {decision}. Le compte existe : c'est au dossier de la famille qu'il faut "
    "changer quelque chose. Rien n'a été changé.",
    "request_declined_before": "{name} : {decision}. Rien n'a été changé ; pour revenir sur ce refus, choisissez la "
    "liste d'attente ou « Demander de compléter », et cochez « Revenir sur ce refus ».",
    "request_claimed": "{name} est maintenant dans une autre demande : ce refus tient. Rien n'a été changé.",
    "request_holds_place": "{name} a une place ({pool}) : ce n'est pas une liste d'attente. Rien n'a été changé.",
    "request_until_past": "Ce jour est déjà passé : donnez à la famille un jour à venir.",
    "request_vanished": "La demande {number} n'est plus là, ou n'a plus cet élève : relisez-la.",
    "request_resent": "La famille a renvoyé sa demande (le {at}). Rien n'a été décidé : relisez-la ici, puis "
    "recommencez.",
    "request_wish_unknown": "Aucun vœu de {name} n'est celui que vous dites. Vœux : {wishes}.",
    "request_wish_open": "{name} a plusieurs vœux, et aucune place n'est à son nom : choisissez sur la page de sa "
    "demande lequel vous acceptez.",
    "request_wish_away": "{name} a sa place à {site}, que vous ne voyez pas : ce site accepte sa demande.",
    "request_place_offered": "Une place est proposée à {name} ({pool}), et la famille n'a pas répondu. Rien n'a été "
    "changé : attendez sa réponse.",
    "request_place_elsewhere": "{name} a accepté une place ailleurs ({pool}) : acceptez celle-là, ou libérez-la "
    "d'abord. Rien n'a été changé.",
    "request_holds_nothing": "{name} n'a pas de place ({pools}) : les places y sont comptées, et d'autres attendent "
    "peut-être. Une place hors de l'ordre est d'abord à lui proposer, sur la page de sa demande : par vous si vous "
    "êtes responsable du réseau, sinon par une personne qui l'est. Rien n'a été changé.",
    "request_account_given": "Cette demande a déjà son compte à {site} : {identifier}. Laissez l'identifiant vide.",
    "request_has_account": "L'adresse e-mail de cette demande est celle d'un compte du site {site} : {accounts}. Si "
    "c'est la même famille, donnez l'identifiant de ce compte et cochez « Ce compte existe déjà ». Sinon, donnez "
    "l'identifiant du nouveau compte. Rien n'a été changé.",
    "request_identifier_taken": "L'identifiant « {typed} » est déjà celui d'un compte du site {site} : donnez-en un "
    "autre, ou aucun. Si c'est le compte de cette famille, cochez « Ce compte existe déjà ». Rien n'a été changé.",
    "request_account_closed": "Le compte « {typed} » est désactivé, ou n'est pas celui d'une famille : réactivez-le "
    "d'abord, sur sa page. Rien n'a été changé.",
    "erasure_overtaken": "Quelqu'un d'autre vient de modifier le compte « {typed} » : relisez-le, puis recommencez si "
    "c'est toujours voulu.",
    "documents_season_open": "La réinscription {season} n'est pas finie partout : ses pièces servent encore.",
    "purge_in_future": "Cette date n'est pas encore passée : donnez un jour passé.",
    # the draws
    "draw_other_order": "À {site}, les places ne sont pas tirées au sort : les réglages du réseau y donnent un autre "
    "ordre.",
    "draw_no_period": "Aucune période de nouvelles demandes n'est annoncée à {site} : annoncez-la d'abord.",
    "draw_period_open": "À {site}, on peut demander une place jusqu'au {day} inclus : la liste ne peut être arrêtée "
    "qu'ensuite, à partir de minuit cinq.",
    "draw_period_changed": "Les dates de {site} viennent de changer : une demande commencée avant peut encore arriver. "
    "La liste pourra être arrêtée cinq minutes après ce changement.",
    "draw_source": "Dites quel nombre public servira, et comment il s'écrit : de {shortest} à {longest} caractères. "
    "Exemple : « les cinq numéros du tirage du Loto du samedi 3 juillet 2027, en ordre croissant, sur deux chiffres, "
    "séparés par un tiret ; s'il n'a pas lieu, ceux du tirage suivant ».",
    "draw_seed_known": "Le {day} n'est pas à venir : le nombre pourrait être connu déjà. Choisissez un nombre qui "
    "n'existe pas encore.",
    "draw_nobody": "Personne ne demande de place à {site} : il n'y a rien à tirer au sort.",
    "draw_prepared_before": "Le tirage de {site} est préparé depuis le {day}, et sa liste est publiée : elle ne "
    "change plus.",
    "draw_run_before": "Le tirage de {site} a été fait le {day}, avec le nombre {seed} : il ne se refait pas.",
    "draw_meanwhile": "Quelqu'un d'autre vient d'agir sur le tirage de {site} : rien n'a été fait ici. Regardez-le, "
    "puis recommencez si c'est toujours voulu.",
    "draw_list_moved": "La liste n'est plus celle que vous avez regardée : rien n'est arrêté ni annulé. Relisez-la.",
    "draw_absent": "Aucun tirage n'est préparé à {site} cette saison : préparez-le d'abord.",
    "draw_cancelled_late": "Le nombre du tirage peut être connu depuis le {day} : annuler maintenant reviendrait à "
    "choisir le résultat. Faites le tirage ; une erreur se répare par une proposition motivée, hors de l'ordre.",
    "draw_cancelled_often": "Ce tirage a déjà été annulé {most} fois, et les familles le lisent : il ne peut plus "
    "l'être.",
    "draw_seed_malformed": "Ce n'est pas un nombre qui peut servir : une ligne, de 1 à {longest} caractères, écrite "
    "comme la liste publiée le dit.",
    "draw_rule_unknown": "Ce tirage a été préparé par une autre version, avec une règle que celle-ci ne connaît pas "
    "({rule}) : utilisez une version plus récente.",
    "draw_list_changed": "La liste enregistrée n'est plus celle qui a été publiée (empreinte publiée : {digest}) : "
    "quelqu'un y a touché. Rien n'a été tiré. Prévenez qui exploite le service, et les familles.",
    "draw_early": "Le nombre n'existe pas avant le {day} : le tirage ne peut pas être fait.",
    # the places
    "places_without_rows": "Sous les intitulés, le fichier ne liste aucune place : exportez-le à nouveau.",
    "places_wrong": "Rien n'a été écrit : {errors} anomalies dans le fichier. Corrigez-les, puis recommencez.",
    "places_meanwhile": "Une place vient d'être proposée ou acceptée ({pool}), que ce fichier retire : ce qui précède "
    "est écrit, pas la suite. Étudiez à nouveau le fichier pour voir ce qu'il en est.",
    "place_over": "{name} n'attend plus de place : sa demande est acceptée, refusée ou retirée. Rien n'a été changé.",
    "place_not_wished": "{name} n'a pas de vœu pour {discipline} à {site} : la famille peut l'ajouter à sa demande. "
    "Rien n'a été changé.",
    "place_taken_elsewhere": "{name} a déjà accepté une place ({pool}) : un élève n'en a qu'une. Rien n'a été changé.",
    "place_none_free": "Aucune place n'est libre ({pool}) : {held} sont proposées ou acceptées. Attendez qu'une se "
    "libère, ou faites-en ajouter. Rien n'a été changé.",
    "place_meanwhile": "Ces places ({pool}) viennent d'être changées par quelqu'un d'autre : relisez la page, puis "
    "recommencez.",
    # the staff
    "staff_unknown": "Personne n'a d'accès au bureau avec l'adresse « {email} ».",
    "staff_name_missing": "Donnez le nom de la personne : il est écrit au journal, avec ce qu'elle fait.",
    "staff_role_missing": "Choisissez un rôle.",
    "staff_role_unknown": "Choisissez un rôle.",
    "staff_sites_missing": "Cochez au moins un site : le rôle « {role} » n'ouvre que ceux-là.",
    "staff_active": "{name} a déjà un accès, et s'en sert : pour le refaire, ouvrez sa page et réinitialisez-le.",
    "staff_disabled": "Cet accès est désactivé : ouvrez la page de la personne et réactivez-le d'abord.",
    "staff_other_role": "Cette personne est déjà invitée, avec un autre rôle ou d'autres sites : changez-les sur sa "
    "page, puis invitez-la à nouveau.",
    "staff_manager_entered": "Une personne responsable du réseau entre déjà au bureau : elle invite les autres, page "
    "« Personnel ». Si plus aucune ne peut entrer, réinitialisez d'abord l'accès de l'une d'elles.",
    "staff_not_manager": "{name} n'est pas responsable du réseau : une personne qui l'est s'occupe de son accès, page "
    "« Personnel ».",
    "staff_last_manager": "{name} est la dernière personne responsable du réseau qui puisse entrer : invitez-en une "
    "autre d'abord, et attendez qu'elle se soit connectée. Rien n'a été changé.",
    "staff_reset_self": "Personne ne réinitialise son propre accès : demandez à une autre personne responsable du "
    "réseau. Votre mot de passe et vos codes se changent dans « Mon accès ».",
    "staff_moved": "Cet accès a changé depuis que vous avez ouvert la page : relisez-le, puis recommencez. Rien n'a "
    "été changé ici.",
    "staff_moved_by": "Cet accès a changé depuis que vous avez ouvert la page : {what}, le {when}, par {who}. Rien "
    "n'a été changé ici : relisez, puis recommencez si c'est toujours voulu.",
    # the teachers
    "teaching_not_teacher": "{name} n'est pas de rôle « enseignement » : donnez-lui ce rôle d'abord.",
    "teaching_site_foreign": "{name} n'est pas du site {site}, mais de {sites} : ajoutez-lui ce site d'abord.",
    "teaching_name_unknown": "Aucun professeur ne s'appelle « {name} » dans le fichier annuel de {site}.",
    "teaching_not_linked": "« {name} », à {site}, n'est pas relié à {member}. Ses noms : {names}.",
    "loan_substitute_unknown": "Choisissez qui remplace : une personne de rôle « enseignement », de ce site, à qui ce "
    "cours n'est pas déjà.",
    "loan_backwards": "Le dernier jour est avant le premier : corrigez l'un des deux.",
    "loan_past": "Ce remplacement serait déjà terminé : donnez un dernier jour à venir.",
    "loan_far": "Un remplacement commence dans l'année qui vient, et s'arrête au plus tard le 31 août, à la fin de "
    "son année scolaire : avancez ces jours.",
    "loan_moved": "Quelqu'un d'autre vient de confier ce cours, ou de le reprendre : relisez ce qu'il en est "
    "ci-dessous. Rien n'a été changé ici ; recommencez si c'est toujours voulu.",
    # the jobs of the desk
    "desk_job_moved": "Ce travail n'en est plus là : quelqu'un d'autre l'a confirmé ou abandonné. Relisez-le.",
    "drop_moved": "Ce fichier n'est plus là : un autre l'a remplacé, ou il est déjà étudié (voyez les travaux).",
    "pdfs_not_folder": "« {folder} » n'est pas un dossier : donnez celui des PDF.",
    "zip_too_heavy": "Ce fichier dépasse 50 Mo : faites-en plusieurs, chacun avec la liste et une partie des PDF.",
    "zip_broken": "Ce ZIP est abîmé ou protégé par un mot de passe : refaites-le, sans mot de passe.",
    "zip_too_large": "Ce ZIP a plus de {entries} fichiers, ou se déplie en plus de 300 Mo : faites-en plusieurs.",
    "zip_list_not_one": "Le ZIP doit contenir une seule liste, CSV ou XLSX, à côté des PDF (listes lues : {names}).",
    "plan_moved": "Depuis l'étude, autre chose a changé : ce ne serait plus ce que vous avez lu. Rien n'a été écrit. "
    "Étudiez à nouveau, et relisez.",
    "drop_too_large": "Ce fichier dépasse 20 Mo : ne gardez que la liste, sans images ni autres feuilles.",
    "import_file_gone": "Le fichier déposé n'est plus là, ou n'est plus celui qui a été étudié : déposez-le à nouveau.",
    "import_accounts_moved": "Depuis l'étude, les familles parties ne sont plus les mêmes : rien n'a été écrit. "
    "Étudiez à nouveau le fichier, et relisez ce qu'il change.",
    "desk_job_at_work": "Ce travail n'est pas terminé : abandonnez-le d'abord.",
}
