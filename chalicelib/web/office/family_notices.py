"""What a family's page says once something is done, by the code that its address then carries."""

from typing import Final

# What the office refuses where an address names no family of this site: nothing tells it from a page that is not there.
NOT_THERE: Final = frozenset(
    {"identifier_malformed", "family_unknown", "family_elsewhere", "family_vanished", "several_spellings"}
)
_NOTHING: Final = "Rien n'a été changé."
DONE: Final[dict[str, str]] = {
    "attente-levee": "L'attente est levée : la famille peut se connecter sans attendre.",
    "pas-d-attente": f"Aucun essai n'était compté : il n'y avait rien à lever. {_NOTHING}",
    "mot-de-passe": "Un mot de passe part par mail ; il est valable 24 heures, et l'ancien marche toujours.",
    "mot-de-passe-en-partie": "Un mot de passe part par mail, mais pas vers toutes les adresses : celles qui ne "
    "reçoivent pas nos mails sont laissées de côté. Il est valable 24 heures, et l'ancien marche toujours.",
    "adresses": "Les adresses sont changées ; celles d'avant en sont averties.",
    "adresses-deja": "Les adresses sont changées : votre formulaire est parti deux fois, il a compté une fois.",
    "adresses-sans-avis": "Les adresses sont changées. Aucune adresse d'avant ne reçoit nos mails : dites-le vous-même "
    "à la famille.",
    "adresses-mot-de-passe": "Les adresses sont changées. Le mot de passe reçu par mail à l'ancienne n'ouvre plus "
    "rien : renvoyez-en un.",
    "desactive": "Le compte est désactivé : plus personne ne s'y connecte, les connexions ouvertes sont fermées.",
    "deja-desactive": f"Le compte était déjà désactivé. {_NOTHING}",
    "reactive": "Le compte est réactivé.",
    "deja-actif": f"Le compte était déjà actif. {_NOTHING}",
    "mails": "Nos mails repartent vers cette adresse. S'il en revient encore un, elle sera de nouveau arrêtée.",
    "mails-deja": f"Nos mails partaient déjà vers cette adresse : il n'y avait rien à lever. {_NOTHING}",
    "invitation": "Une invitation part, avec l'identifiant de ce responsable et un mot de passe valable 7 jours.",
    "invitation-encore": "Ce responsable a déjà son accès : l'invitation est partie une fois de plus.",
    "separees": "Les coordonnées sont séparées. Le mot de passe de la famille n'ouvre plus rien, car les deux "
    "responsables pouvaient le connaître : renvoyez-en un au premier, et invitez l'autre à son propre accès.",
    "deja-separees": f"Les coordonnées étaient déjà séparées. {_NOTHING}",
    "communes": "Les coordonnées sont de nouveau communes.",
    "deja-communes": f"Les coordonnées étaient déjà communes. {_NOTHING}",
}
