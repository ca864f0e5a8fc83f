"""The steps of the funnel, as lists and tables of the office name them."""

from typing import Final

from chalicelib.domain.enrolment.funnel import Step

# Where a family stands.
LABELS: Final[dict[Step, str]] = {
    "imported": "pas encore prévenue",
    "uncertain": "envoi incertain",
    "notified": "mail parti",
    "bounced": "mail revenu",
    "delivered": "mail remis",
    "password": "mot de passe reçu",
    "logged_in": "connectée",
    "started": "réinscription commencée",
    "submitted": "réinscription envoyée",
    "to_complete": "à compléter",
    "validated": "réinscription validée",
}
