"""The French of payments: the reasons of refusals."""

from typing import Final

_AGAIN: Final = "Aucun paiement n'a été commencé."

SENTENCES: Final = {
    "payment_nothing_due": f"Cette facture n'a plus rien à payer. {_AGAIN}",
    "payment_too_small": f"Le paiement en ligne commence à 1 €. {_AGAIN} Réglez-la auprès de l'administration.",
    "payment_too_large": f"Cette somme est trop grande pour le paiement en ligne. {_AGAIN} Réglez-la auprès de "
    "l'administration, ou demandez-lui un échéancier.",
    "payment_under_way": "Un paiement de cette facture est en cours de confirmation. Attendez qu'il soit confirmé : "
    "rien ne sera payé deux fois.",
    "payment_differs": f"Un paiement de cette facture est à vérifier par l'administration. {_AGAIN} Appelez-la avant "
    "de payer.",
    "payment_debited": f"Cette facture est prélevée aux dates de son échéancier. {_AGAIN} Vous n'avez rien à faire ; "
    "pour changer cela, appelez l'administration.",
    "payment_too_soon": f"Le service de paiement demande vingt minutes entre deux essais sur une facture. {_AGAIN} "
    "Revenez à l'heure indiquée sous la facture.",
    "payment_without_email": f"Le service de paiement demande un e-mail, et votre dossier n'en a pas. {_AGAIN} "
    "Ajoutez le vôtre dans « Famille », ou appelez l'administration.",
    "payment_unavailable": f"Le service de paiement ne répond pas. {_AGAIN} Réessayez dans trente minutes.",
}
