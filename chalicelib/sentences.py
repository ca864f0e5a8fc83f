"""Every French sentence the code says to a family, by code; letters and pages hold the rest."""

from typing import Final, NamedTuple


class FieldWords(NamedTuple):
    """The words of a field of a step: beside it on the page, and before its answer wherever that is shown.

    In braces: the network's own words. `column`: its heading in the export, where that is not `title`. `empty`: what
    stands for an answer that must still come. `yes`, `no`: what the answer to a question or a box is shown as.
    """

    label: str
    title: str
    hint: str = ""
    column: str = ""
    empty: str = "pas encore indiqué"
    yes: str = "oui"
    no: str = "non"


# By the attribute that the field fills in (`domain/enrolment/answers.py`).
FIELDS: Final = {
    "coordinates_exact": FieldWords(
        "Mes coordonnées sont exactes.", "Coordonnées", empty="pas encore confirmées", yes="confirmées exactes"
    ),
    "payer": FieldWords("Qui paie les droits d'inscription ?", "Payeur"),
    "emergency_name": FieldWords(
        "En cas d'urgence, qui appeler ?",
        "En cas d'urgence",
        "Nom et prénom d'une personne joignable pendant les cours.",
        "Urgence : nom",
    ),
    "emergency_telephone": FieldWords(
        "Son téléphone", "Urgence : téléphone", "Un numéro, ou deux numéros séparés par une virgule."
    ),
    "pickup_persons": FieldWords(
        "Personnes autorisées à venir chercher l'élève",
        "Personnes autorisées à venir chercher l'élève",
        "Facultatif : prénom et nom de chacune, séparés par des virgules.",
    ),
    "rules_accepted": FieldWords("J'accepte {rules}", "Règlement", empty="pas encore accepté", yes="accepté"),
    "stays": FieldWords(
        "En {year}, {pupil}",
        "Réinscription",
        empty="pas encore de réponse",
        yes="se réinscrit",
        no="ne se réinscrit pas",
    ),
    "reason": FieldWords("Autre motif", "Motif"),
    "image_rights": FieldWords(
        "Droit à l'image : pour {pupil}, autorisez-vous le conservatoire à {image_rights} ?",
        "Droit à l'image",
        "Votre réponse vaut jusqu'à ce que vous la changiez, les années suivantes aussi.",
        empty="pas encore de réponse",
    ),
    "remark": FieldWords("Remarque pour l'administration (facultatif)", "Remarque"),
    # asked once of the household, before it was asked of each pupil
    "former_image_rights": FieldWords("Droit à l'image", "Droit à l'image, sauf réponse propre à un élève"),
}

SENTENCES: Final = {
    # staff, at their own door
    "staff_login_refused": "Adresse ou mot de passe incorrect, ou accès pas encore ouvert. Vérifiez votre saisie ; si cela continue, demandez à un responsable du réseau de réinitialiser votre accès.",
    "staff_slowed_down": "Trop d'essais ont échoué. Vous pourrez réessayer {until}. En cas d'urgence, un responsable du réseau peut réinitialiser votre accès.",
    "staff_code_refused": "Ce code n'est pas le bon, ou il a déjà servi. Attendez que votre application en affiche un nouveau, puis recopiez ses six chiffres.",
    "staff_proof_refused": "Pour cette action, retapez votre mot de passe : rien n'a été modifié.",
    "staff_passkey_refused": "Cette clé d'accès n'a pas pu être vérifiée : réessayez, ou choisissez un autre moyen.",
    "staff_too_many_passkeys": "Vous avez déjà dix clés d'accès : retirez-en une avant d'en ajouter une autre.",
    "staff_last_factor": "C'est votre seul moyen de confirmer que c'est vous : ajoutez-en un autre avant de le retirer.",
    "staff_passkey_name_missing": "Donnez un nom à cette clé, pour la reconnaître plus tard.",
    "staff_invitation_gone": "Ce lien n'ouvre plus rien : il a déjà servi, ou il date de plus de 24 heures. Demandez une nouvelle invitation à un responsable du réseau.",
    "staff_session_over": "Votre connexion est terminée : reconnectez-vous. Elle s'arrête après trente minutes sans activité et dure au plus dix heures ; pour saisir le code, dix minutes.",
    "staff_logged_out": "Vous êtes déconnecté(e).",
    "staff_own_password_changed": "Votre mot de passe est modifié. Les connexions ouvertes ailleurs sont terminées, et un mail vous le confirme.",
    "staff_own_application_replaced": "Votre nouvelle application est enregistrée : l'ancienne n'ouvre plus rien. Les connexions ouvertes ailleurs sont terminées, et un mail vous le confirme.",
    "staff_code_missing": "Saisissez le code à six chiffres que votre application affiche.",
    "staff_code_differs": "Ce n'est pas le code que l'application affiche en ce moment. Vérifiez qu'elle a pris la clé de cette page, et que l'heure du téléphone est réglée automatiquement, puis recopiez le code suivant.",
    "staff_current_wrong": "Ce n'est pas votre mot de passe actuel : rien n'a été modifié. S'il est perdu, demandez à un responsable du réseau de réinitialiser votre accès.",
    "staff_password_too_short": "Le mot de passe est trop court : il faut au moins 12 caractères.",
    "staff_password_too_long": "Le mot de passe est trop long : il faut au plus 128 caractères.",
    "staff_password_common": "Ce mot de passe est trop facile à deviner : il est très utilisé, se répète, ou suit les touches du clavier. Assemblez plutôt quatre ou cinq mots qui n'ont rien à voir entre eux.",
    "staff_password_own_name": "Ce mot de passe est trop facile à deviner : il reprend votre nom, votre adresse e-mail ou le nom d'un conservatoire. Assemblez plutôt quatre ou cinq mots sans rapport avec vous.",
    "desk_site_missing": "Choisissez un site, ou tous les sites.",
    "day_unreadable": "Ce jour n'existe pas, ou n'est pas complet : écrivez-le JJ/MM/AAAA, par exemple 01/06/2027.",
    "desk_reason_missing": "Dites pourquoi : c'est écrit au journal.",
    "desk_email_missing": "Saisissez la nouvelle adresse.",
    "desk_address_missing": "Choisissez l'adresse.",
    "staff_email_missing": "Indiquez votre adresse e-mail professionnelle.",
    "identifiers_mailed": "Si cette adresse est connue d'un conservatoire du réseau, un mail vient de lui être envoyé avec vos identifiants.",
    "site_forgiven": "Votre compte est au conservatoire {site} : nous vous y avons connecté.",
    # guide 1.6 and 2.7
    "password_mailed": "Votre nouveau mot de passe vient d'être envoyé par mail.",
    "password_changed": "Votre mot de passe vient d'être modifié.",
    # login
    "fields_refused": "Le formulaire n'a pas été accepté : corrigez les champs signalés.",
    "step_refused": "Le formulaire n'a pas été accepté et rien n'a été enregistré ni envoyé : corrigez les champs signalés.",
    "login_refused": "Site, identifiant ou mot de passe incorrect. Vérifiez le site choisi et votre identifiant, ou demandez un nouveau mot de passe avec « Mot de passe perdu ».",
    "slowed_down": "Trop d'essais ont échoué. Vous pourrez réessayer à partir de {until}. Vous pouvez aussi demander un nouveau mot de passe avec « Mot de passe perdu » : il est accepté sans attendre.",
    # fields
    "site_missing": "Choisissez le site où l'élève est inscrit.",
    "identifier_missing": "Saisissez votre identifiant : il figure sur le mail ou le courrier de l'administration.",
    "password_missing": "Saisissez votre mot de passe.",
    "decision_missing": "Choisissez une décision.",
    "nobody_ticked": "Cochez au moins un élève.",
    "email_missing": "Saisissez votre adresse e-mail : celle que vous avez donnée à l'administration.",
    "email_malformed": "Cette adresse e-mail n'est pas complète. Exemple : nom@exemple.fr",
    # the rule of guide 2.6, one sentence per refusal
    "password_blank_ends": "Le mot de passe ne doit ni commencer ni finir par un espace.",
    "password_too_short": "Le mot de passe est trop court : il faut au moins {shortest} caractères.",
    "password_too_long": "Le mot de passe est trop long : il faut au plus {longest} caractères.",
    "password_no_upper": "Ajoutez au moins une lettre majuscule.",
    "password_no_lower": "Ajoutez au moins une lettre minuscule.",
    "password_no_digit": "Ajoutez au moins un chiffre.",
    "password_common": "Ce mot de passe est trop facile à deviner : il est très utilisé, ou suit les touches du clavier. Assemblez plutôt deux ou trois mots courts qui n'ont rien à voir entre eux, et un chiffre.",
    "password_own_name": "Ce mot de passe est trop facile à deviner : il reprend votre identifiant, un nom de la famille, votre adresse e-mail ou le nom d'un conservatoire. Assemblez plutôt deux ou trois mots courts sans rapport avec vous, et un chiffre.",
    "password_same": "Le nouveau mot de passe doit être différent de l'actuel.",
    "current_missing": "Saisissez votre mot de passe actuel.",
    "current_wrong": "Ce n'est pas votre mot de passe actuel. S'il est perdu, déconnectez-vous puis utilisez « Mot de passe perdu ».",
    "new_missing": "Saisissez le nouveau mot de passe.",
    "confirmation_missing": "Ressaisissez le nouveau mot de passe.",
    "confirmation_differs": "Les deux saisies du nouveau mot de passe ne sont pas identiques.",
    # « Famille »
    "family_saved": "Votre modification est enregistrée.",
    "family_confirmed": "Merci : vos coordonnées sont confirmées.",
    "coordinates_moved": "Ces coordonnées ont été changées {when} par {who}, pendant que vous les lisiez. Rien n'a été remplacé : vérifiez ce qui est au dossier, puis enregistrez à nouveau si c'est encore juste.",
    "address_missing": "Indiquez au moins une ligne : le numéro et la rue, ou le lieu-dit.",
    "address_too_many_lines": "Il y a trop de lignes : La Poste en lit six, dont votre nom et la ville.",
    "line_too_long": "Une ligne est trop longue pour La Poste : il faut au plus 38 caractères, espaces compris.",
    "postcode_malformed": "Le code postal a cinq chiffres, par exemple 91000. Hors de France, indiquez aussi le pays.",
    "town_missing": "Indiquez la ville.",
    # its e-mail addresses
    "action_missing": "Choisissez ce que vous voulez faire.",
    "email_new_missing": "Saisissez la nouvelle adresse e-mail.",
    "email_not_ascii": "Cette adresse contient un accent ou un caractère spécial : nos mails n'y arriveraient pas.",
    "email_known": "Cette adresse est déjà à votre dossier.",
    "codes_slowed_down": "Trop de codes ont été demandés. Le prochain pourra partir à partir de {until}.",
    "corrections_slowed_down": "Beaucoup de modifications ont été enregistrées en peu de temps : celle-ci ne l'est pas encore. Ce que vous avez saisi est toujours ci-dessous : enregistrez-le à partir de {until}.",
    "addresses_slowed_down": "Vos adresses e-mail ont été changées trop souvent en un jour : rien de plus n'a été changé. Vous pourrez le faire à partir de {until} ; si c'est urgent, appelez l'administration de votre conservatoire.",
    "code_missing": "Saisissez le code reçu par mail : six chiffres.",
    "code_wrong": "Ce n'est pas le code du mail. Vérifiez qu'il s'agit du dernier mail reçu ; après cinq essais, il faut en demander un autre.",
    "code_gone": "Ce code n'est plus valable : demandez-en un autre.",
    # a guardian's own login
    "login_given": "L'invitation part par mail : son accès sera prêt dès sa première connexion.",
    "guardian_missing": "Choisissez le responsable à inviter.",
    "login_without_email": "Ce responsable n'a pas d'adresse e-mail au dossier : ajoutez-la d'abord dans « Adresses e-mail ».",
    "login_email_shared": "Cette adresse e-mail est aussi celle d'un autre responsable : chacun doit avoir la sienne pour avoir son accès.",
    "login_last_email": "C'est la seule adresse e-mail au dossier : il en faut une autre pour l'accès de la famille.",
    "logins_used_up": "Il n'a pas été possible de créer un identifiant de plus pour votre famille : appelez votre conservatoire.",
    # the re-enrolment
    "period_closed": "La réinscription n'est pas ouverte en ce moment : rien de nouveau n'a été enregistré. Ce que vous aviez enregistré est conservé ; pour le compléter, contactez l'administration de votre conservatoire.",
    "step_moved": "Cette étape a été enregistrée {when} par {who}, pendant que vous la remplissiez. Rien n'a été remplacé : vérifiez les réponses ci-dessous, puis enregistrez-les si elles sont justes.",
    "pupil_decided": "L'administration a déjà traité cette réinscription : pour la changer, contactez votre conservatoire.",
    "summary_moved": "Rien n'a été envoyé : {who} a enregistré d'autres réponses {when}, pendant que vous relisiez les vôtres. Vérifiez-les ci-dessous, puis envoyez-les si elles sont justes.",
    "already_sent": "Déjà envoyé par {who} le {when} : rien n'a été envoyé une seconde fois. Voici le reçu.",
    "sendings_slowed_down": "Vous avez déjà envoyé plusieurs fois : le prochain envoi sera possible à partir de {until}. Rien n'est perdu : vos réponses sont enregistrées, il ne restera qu'à les envoyer.",
    "receipts_used_up": "Vous avez déjà envoyé {most} fois pour cette saison, et c'est le plus possible : rien n'a été envoyé cette fois. Vos réponses sont enregistrées : pour qu'elles soient prises en compte, appelez votre conservatoire au {telephone}.",
    "pupils_missing": "Cochez au moins un élève dont les réponses sont complètes.",
    "household_missing": "Complétez « Mon foyer » : il y manque des réponses.",
    "documents_missing": "Envoyez les pièces demandées, ou promettez de les remettre sur papier : il en manque.",
    "coordinates_exact_missing": "Cochez que vos coordonnées sont exactes, ou corrigez-les d'abord dans « Famille ».",
    "payer_missing": "Indiquez qui paie les droits d'inscription.",
    "image_rights_missing": "Répondez par oui ou par non au droit à l'image.",
    "emergency_name_missing": "Indiquez qui appeler en cas d'urgence.",
    "emergency_telephone_missing": "Indiquez le téléphone de la personne à appeler en cas d'urgence.",
    "telephones_too_many": "Indiquez un ou deux numéros, pas davantage.",
    "telephone_malformed": "Ce numéro de téléphone n'est pas complet. Exemple : 06 12 34 56 78.",
    "rules_accepted_missing": "Lisez et acceptez le règlement pour continuer.",
    "choice_missing": "Dites si l'élève se réinscrit ou non.",
    "wanted_missing": "Choisissez la discipline souhaitée à la place, ou cochez « Un autre jour » ou « Continuer comme cette année ».",
    "wish_contradicted": "Vous avez choisi une autre discipline ou un jour, et coché autre chose. Cochez « Une autre discipline » ou « Un autre jour » pour les demander ; sinon, remettez la discipline sur « Choisir » et les jours sur « Sans préférence ».",
    "addition_missing": "Choisissez la discipline à ajouter, ou décochez « Ajouter une discipline ».",
    "addition_contradicted": "Vous avez choisi une discipline à ajouter sans cocher « Ajouter une discipline ». Cochez-la pour la demander ; sinon, remettez la discipline sur « Choisir ».",
    "less_complete": "Vos réponses déjà enregistrées sont complètes, celles-ci ne le sont pas : rien n'a été remplacé. Complétez ce qui manque, ou quittez cette page pour garder ce qui est enregistré.",
    "enrolment_full": "Votre réinscription contient trop de textes et d'envois pour en recevoir davantage : rien de nouveau n'a été enregistré. Raccourcissez vos remarques, ou contactez l'administration de votre conservatoire.",
    "speaker_missing": "Dites qui vous êtes : choisissez votre nom.",
    "stops_everything": "Tous les cours sont arrêtés : choisissez « ne se réinscrit pas », ou gardez un cours.",
    "document_missing": "Envoyez ce document avec son bouton « Envoyer », ou cochez que vous l'apporterez sur papier.",
    "document_unreadable": "Le fichier reçu n'est ni un PDF, ni une photo JPEG ou PNG : choisissez-en un autre. Vous pouvez aussi cocher que vous l'apporterez sur papier.",
    "document_empty": "Le fichier reçu est vide : choisissez-en un autre. Vous pouvez aussi cocher que vous l'apporterez sur papier.",
    "document_too_large": "Le fichier reçu fait {size}, et il faut au plus {largest}. Pour l'alléger, numérisez le document en noir et blanc et moins finement (150 points par pouce), ou prenez-le en photo. Vous pouvez aussi cocher que vous l'apporterez sur papier.",
    "document_heic": "Le fichier reçu est une photo au format HEIC, que l'administration ne peut pas ouvrir. Sur un iPhone, choisissez Réglages > Appareil photo > Formats > « Le plus compatible », puis reprenez la photo ; ou affichez la photo, faites une capture d'écran et envoyez-la. Vous pouvez aussi cocher que vous l'apporterez sur papier.",
    "document_too_many": "Le fichier reçu n'a pas été pris : ce document a déjà été remplacé {most} fois. Cochez que vous l'apporterez sur papier, ou appelez votre conservatoire.",
    "words_too_long": "Ce texte est trop long : il faut au plus {longest} caractères.",
    # pré-inscription
    "requests_closed": "Les nouvelles demandes ne sont pas ouvertes en ce moment : aucun code n'est parti. Les dates sont ci-dessous.",
    "page_unripe": "Votre adresse est bien là, mais rien n'est encore parti : vérifiez-la, puis envoyez à nouveau le formulaire.",
    "questions_slowed_down": "Beaucoup de codes ont été demandés depuis votre connexion à Internet : aucun n'est parti cette fois. Vous pourrez réessayer à partir de {until}.",
    "own_email_missing": "Saisissez votre adresse e-mail.",
    "applicant_code_wrong": "Ce n'est pas le code du dernier mail, ou il n'a pas été demandé dans ce navigateur. Après cinq essais, il faut en demander un autre.",
    "code_used_up": "Ce code n'est plus valable : il a été essayé cinq fois, ou demandé il y a plus d'une demi-heure. Demandez-en un autre.",
    "number_missing": "Saisissez le numéro de votre reçu, ou l'adresse e-mail de votre demande.",
    "number_malformed": "Ce numéro n'est pas complet. Il a la forme P27-K4TN-8WCB ; une adresse e-mail convient aussi.",
    "application_closed": "Les demandes ne sont pas ouvertes en ce moment : rien de nouveau n'a été enregistré. Ce que vous aviez envoyé compte toujours ; pour le corriger, appelez le conservatoire.",
    "application_full": "Votre demande contient trop de réponses et d'envois pour en recevoir davantage : rien de nouveau n'a été enregistré. Appelez le conservatoire.",
    "application_moved": "Rien n'a été envoyé : d'autres réponses ont été enregistrées pendant que vous relisiez celles-ci, dans une autre fenêtre ou sur un autre appareil. Vérifiez-les ci-dessous, puis envoyez-les si elles sont justes.",
    "answers_moved": "Cette étape a été enregistrée entre-temps, dans une autre fenêtre ou sur un autre appareil. Rien n'a été remplacé : comparez avec ce qui est enregistré, puis enregistrez à nouveau si vos réponses sont les bonnes.",
    "candidates_claimed": "Rien n'a été envoyé : pour {names}, une demande est déjà enregistrée, ou en train de l'être. Un élève n'a qu'une demande par an dans tout le réseau : vous l'avez peut-être faite avec une autre adresse e-mail, ou quelqu'un de votre famille. Avec le numéro de son reçu, suivez-la dans « Où en est ma demande » ; sinon, appelez le {telephone}.",
    "claims_slowed_down": "Rien n'a été envoyé : une demande est déjà enregistrée pour trop d'élèves de suite. Le prochain envoi sera possible à partir de {until} ; pour avancer tout de suite, appelez le conservatoire.",
    "own_name_missing": "Indiquez votre prénom et votre nom.",
    "telephone_missing": "Indiquez un téléphone où vous joindre.",
    "first_name_missing": "Indiquez le prénom de l'élève.",
    "last_name_missing": "Indiquez le nom de l'élève.",
    "name_malformed": "Ce nom n'a aucune lettre : écrivez-le comme sur une pièce d'identité.",
    "birth_date_missing": "Indiquez la date de naissance de l'élève.",
    "birth_date_malformed": "Cette date ne se lit pas. Écrivez le jour, le mois et l'année en quatre chiffres, par exemple 28/02/2018.",
    "birth_date_to_come": "Cette date est à venir : vérifiez l'année de naissance.",
    "birth_date_too_old": "Cette date a plus de 120 ans : vérifiez l'année de naissance.",
    "candidate_gone": "Cet élève a été retiré de la demande entre-temps, dans une autre fenêtre ou sur un autre appareil. Pour l'y remettre, enregistrez à nouveau ce qui suit.",
    "candidate_another": "Le nom et la date de naissance ne changent pas tous les deux : une place se demande pour un élève. Pour un autre, ajoutez un élève, et retirez celui-ci dans « Ma demande ».",
    "candidate_twice": "Cet élève est déjà dans votre demande : ses vœux se complètent sur sa page.",
    "candidates_too_many": "Une demande compte six élèves au plus : rien n'a été ajouté. Pour un élève de plus, appelez le conservatoire.",
    "guardian_incomplete": "Complétez vos coordonnées.",
    "candidate_missing": "Ajoutez au moins un élève.",
    "candidate_incomplete": "Complétez ou corrigez ce qui est demandé pour cet élève.",
    "wish_missing": "Choisissez au moins une discipline.",
    "wish_discipline_missing": "Choisissez une discipline, ou laissez tout ce vœu vide.",
    "wish_site_missing": "Choisissez un conservatoire pour ce vœu.",
    "wish_unoffered": "Cette discipline n'est plus proposée : choisissez-en une autre.",
    "wish_twice": "Ce vœu est déjà plus haut : choisissez une autre discipline, ou un autre conservatoire.",
    "wish_site_closed": "À {site}, les demandes ne sont pas ouvertes en ce moment : choisissez un autre conservatoire.",
    "wish_closed_changed": "À {site}, les demandes sont terminées : le vœu {discipline}, déjà envoyé, ne change plus. Remettez-le tel quel, ou appelez le {telephone}.",
    "wish_elsewhere": "À {site}, {discipline} ne se demande pas ; ailleurs, si : {places}.",
    "wish_nowhere": "À {site}, {discipline} ne se demande pas, ni ailleurs en ce moment : choisissez une autre discipline.",
    "wish_age": "Pas à cet âge : {discipline} se demande {ages}, et {name} aura {age} le {day}.",
    "wish_age_here": "À {age}, à {site} : {disciplines}.",
    "wish_age_elsewhere": "À {age}, rien n'est ouvert à {site} ; ailleurs : {places}.",
    "wish_age_nowhere": "À {age}, rien n'est ouvert en ce moment.",
    "offer_gone": "Cette proposition ne peut plus recevoir de réponse : son délai est passé, ou il y a déjà été répondu. « Où en est ma demande » dit ce qu'il en est.",
    "withdrawal_empty": "Cochez au moins un élève pour retirer sa demande.",
    "documents_closed": "Il n'est plus possible de donner des pièces ici : rien de nouveau n'a été enregistré. Pour toute question, appelez le conservatoire.",
    "request_step_moved": "Cette étape a été enregistrée {when} sur un autre appareil, pendant que vous la remplissiez. Rien n'a été remplacé : vérifiez ce qui est ci-dessous, puis enregistrez-le.",
}
