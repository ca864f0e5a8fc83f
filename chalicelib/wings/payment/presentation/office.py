"""The words of the office for each state of a payment, and for the differences of an answer."""

from datetime import datetime
from typing import Final

from chalicelib.presentation.texts import Words
from chalicelib.wings.payment.domain.attempts import Attempt, State

STATES: Final[dict[State, str]] = Words(
    asked="Paiement en cours de confirmation",
    open="Paiement en cours de confirmation",
    paid="Payé par carte",
    debited="Payé par prélèvement",
    refused="Paiement refusé",
    abandoned="Paiement abandonné",
    expired="Paiement non abouti",
    unknown="Sans résultat de PayFiP",
    differs="À vérifier par l'administration",
)
LATE: Final = "Sans réponse depuis plus de trois heures"
CHECKED: Final = "Vérifié par l'administration, non compté"
DIFFERENCES: Final = {
    "operation": "l'opération",
    "reference": "la référence",
    "contract": "le contrat",
    "cents": "le montant",
    "mode": "le mode (essai ou production)",
}


def state_text(attempt: Attempt, now: datetime) -> str:
    """Write the state of an attempt, for the office."""
    if attempt.is_unfinished and attempt.is_late(now):
        return LATE
    return CHECKED if attempt.is_checked else STATES[attempt.state]
