"""The next act for a family at each step of the funnel, with the command that does it."""

from typing import Final

from chalicelib.domain.campaign.funnel import Step

# What there is to do for a family at a step: where an address on file works, and where none does.
TO_DO: Final[dict[Step, tuple[str, str]]] = {
    "imported": (
        "La campagne lui écrira : « clef campaign send ».",
        "Demandez-lui une adresse qui marche (sa page, au bureau), ou un courrier : « clef campaign letters ».",
    ),
    "uncertain": (
        "Demandez-lui si le mail est arrivé ; un courrier lève le doute (« clef campaign letters --only uncertain »).",
        "Écrivez par courrier : « clef campaign letters --only uncertain ».",
    ),
    "notified": (
        "Rien n'est revenu. Elle n'a pas encore demandé de mot de passe : « clef remind --step notifiee ».",
        "Demandez-lui une adresse qui marche : sans elle, pas de mot de passe (sa page, au bureau).",
    ),
    "bounced": (
        "Une autre adresse au dossier marche : « clef remind --step revenue » lui écrit.",
        "Demandez-lui une adresse qui marche (sa page, au bureau), ou un courrier : « clef campaign letters ».",
    ),
    "delivered": (
        "Elle n'a pas encore demandé de mot de passe : « clef remind --step remise ».",
        "Demandez-lui une adresse qui marche : sans elle, pas de mot de passe (sa page, au bureau).",
    ),
    "password": (
        "Elle peut se connecter, et ne l'a pas encore fait : « clef remind --step mot-de-passe ».",
        "Elle peut se connecter, et ne l'a pas encore fait. Demandez-lui une adresse qui marche (sa page, au bureau).",
    ),
    "logged_in": (
        "Elle est prête. Une fois la réinscription ouverte, « clef remind --step connectee » la lui rappelle.",
        "Elle est prête. Sans adresse qui marche, pas de « Mot de passe perdu » : demandez-la (sa page, au bureau).",
    ),
    "started": (
        "Elle n'a pas tout envoyé : « clef remind --step commencee » lui dit ce qui manque, et jusqu'à quand.",
        "Elle n'a pas tout envoyé : appelez-la. Demandez-lui une adresse qui marche (sa page, au bureau).",
    ),
    "submitted": (
        "C'est à vous de décider, au bureau, page « Réinscriptions ».",
        "C'est à vous de décider, au bureau, page « Réinscriptions ». Nos mails ne lui parviennent pas : appelez-la.",
    ),
    "to_complete": (
        "Elle doit compléter ce que vous avez demandé : « clef remind --step a-completer ».",
        "Elle doit compléter ce que vous avez demandé, et nos mails ne lui parviennent pas : appelez-la.",
    ),
    "validated": (
        "Rien : tout est décidé.",
        "Tout est décidé. Nos mails ne lui parviennent pas : dites-lui au téléphone ce qui est décidé.",
    ),
}
