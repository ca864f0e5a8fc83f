"""Every French sentence the code says to a family, by code; letters and pages hold the rest."""

from typing import Final

SENTENCES: Final = {
    # guide 1.6 and 2.7
    "password_mailed": "Votre nouveau mot de passe vient d'être envoyé par mail.",
    "password_changed": "Votre mot de passe vient d'être modifié.",
    # login
    "fields_refused": "Le formulaire n'a pas été accepté : corrigez les champs signalés.",
    "login_refused": "Site, identifiant ou mot de passe incorrect. Vérifiez le site choisi et votre identifiant, ou demandez un nouveau mot de passe avec « Mot de passe perdu ».",
    "slowed_down": "Trop d'essais ont échoué. Vous pourrez réessayer à partir de {until}. Vous pouvez aussi demander un nouveau mot de passe avec « Mot de passe perdu » : il est accepté sans attendre.",
    # fields
    "site_missing": "Choisissez le site où l'élève est inscrit.",
    "identifier_missing": "Saisissez votre identifiant : il figure sur le mail ou le courrier de l'administration.",
    "password_missing": "Saisissez votre mot de passe.",
    "email_missing": "Saisissez votre adresse e-mail : celle que vous avez donnée à l'administration.",
    "email_malformed": "Cette adresse e-mail n'est pas complète. Exemple : nom@exemple.fr",
    # the rule of guide 2.6, one sentence per refusal
    "password_blank_ends": "Le mot de passe ne doit ni commencer ni finir par un espace.",
    "password_too_short": "Le mot de passe est trop court : il faut au moins {shortest} caractères.",
    "password_too_long": "Le mot de passe est trop long : il faut au plus {longest} caractères.",
    "password_no_upper": "Ajoutez au moins une lettre majuscule.",
    "password_no_lower": "Ajoutez au moins une lettre minuscule.",
    "password_no_digit": "Ajoutez au moins un chiffre.",
    "password_common": "Ce mot de passe est trop courant : choisissez-en un que personne d'autre n'utilise.",
    "password_own_name": "Le mot de passe ne doit pas être votre identifiant ni le nom du conservatoire.",
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
    # the re-enrolment
    "period_closed": "La réinscription n'est pas ouverte en ce moment : rien de nouveau n'a été enregistré. Ce que vous aviez enregistré est conservé ; pour le compléter, contactez l'administration de votre conservatoire.",
    "step_moved": "Cette étape a été enregistrée {when} par {who}, pendant que vous la remplissiez. Rien n'a été remplacé : vérifiez les réponses ci-dessous, puis enregistrez-les si elles sont justes.",
    "pupil_decided": "L'administration a déjà traité cette réinscription : pour la changer, contactez votre conservatoire.",
    "summary_moved": "Rien n'a été envoyé : {who} a enregistré d'autres réponses {when}, pendant que vous relisiez les vôtres. Vérifiez-les ci-dessous, puis envoyez-les si elles sont justes.",
    "already_sent": "Déjà envoyé par {who} le {when} : rien n'a été envoyé une seconde fois. Voici le reçu.",
    "pupils_missing": "Cochez au moins un élève dont les réponses sont complètes.",
    "household_missing": "Complétez « Mon foyer » : il y manque des réponses.",
    "documents_missing": "Envoyez les pièces demandées, ou promettez de les remettre sur papier : il en manque.",
    "coordinates_missing": "Cochez que vos coordonnées sont exactes, ou corrigez-les d'abord dans « Famille ».",
    "payer_missing": "Indiquez qui paie les droits d'inscription.",
    "image_missing": "Répondez par oui ou par non au droit à l'image.",
    "emergency_name_missing": "Indiquez qui appeler en cas d'urgence.",
    "emergency_telephone_missing": "Indiquez le téléphone de la personne à appeler en cas d'urgence.",
    "telephone_malformed": "Ce numéro de téléphone n'est pas complet. Exemple : 06 12 34 56 78.",
    "rules_missing": "Lisez et acceptez le règlement pour continuer.",
    "choice_missing": "Dites si l'élève se réinscrit ou non.",
    "wanted_missing": "Choisissez la discipline souhaitée à la place, ou choisissez de continuer ce cours.",
    "stops_everything": "Tous les cours sont arrêtés : choisissez « ne se réinscrit pas », ou gardez un cours.",
    "words_too_long": "Ce texte est trop long : il faut au plus {longest} caractères.",
}
