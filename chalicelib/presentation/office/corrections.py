"""Changes of a family's coordinates: the field, the author, the former and the new value."""

from typing import Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import is_confirmed
from chalicelib.domain.family.corrections import OFFICE, CorrectedField, Correction, SessionKind, Side
from chalicelib.presentation.texts import Words, day_and_hour, de, describe_change

FIELDS: Final[dict[CorrectedField, str]] = Words(
    {
        "name": "famille",
        "identifier": "identifiant",
        "guardians": "responsables",
        "emails": "e-mails",
        "telephones": "téléphone",
        "address": "adresse postale",
        "payer": "payeur",
        "logins": "accès personnels",
        "password": "mot de passe",
        "sign_in": "moyens de connexion",
        "access": "accès au compte",
        "pupil": "nom et date de naissance",
        "emergency": "contact d'urgence",
        "merged": "comptes réunis en un",
    }
)
_SIDES: Final[dict[Side, str]] = Words(family="la famille", office=OFFICE, file="le fichier annuel")
_SESSIONS: Final[dict[SessionKind, str]] = Words(
    {
        "": "",
        "login": "session de connexion",
        "change": "session ouverte en changeant de mot de passe",
        "passkey": "session ouverte par une clé d'accès",
        "franceconnect": "session ouverte par FranceConnect",
        "code": "session ouverte par un code reçu par mail",
    }
)


def field_name(correction: Correction) -> str:
    """Name the field, and whose it is."""
    field = FIELDS[correction.what]
    return f"{field} {de(correction.of)}" if correction.of else field


def author(correction: Correction) -> str:
    """Name the author of a change, for the office."""
    side = _SIDES[correction.actor.side]
    more = correction.actor.who or _SESSIONS[correction.session]
    return f"{side} ({more})" if more else side


def line_for_family(correction: Correction) -> str:
    """Describe a change for the family itself, without naming staff."""
    old, new = describe_change(correction)
    author = (correction.actor.who or _SIDES["family"]) if correction.actor.side == "family" else OFFICE
    return f"{day_and_hour(correction.at)} : {field_name(correction)} : {old} → {new}, par {author}"


def confirmation_text(account: Account) -> str:
    """Describe when the family confirmed its coordinates, if it did."""
    if account.confirmed is None:
        return "pas par la famille"
    sentence = f"le {day_and_hour(account.confirmed.at)}, par {account.confirmed.by}"
    return sentence if is_confirmed(account) else f"{sentence} ; changées depuis"
