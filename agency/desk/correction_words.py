"""What a command says of a change of a family's coordinates: which field, by whom, what stood there and stands now."""

from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import is_confirmed
from chalicelib.domain.family.corrections import Correction, SessionKind, Side, What
from chalicelib.texts import day_and_hour, de, stood

FIELDS: Final[dict[What, str]] = {
    "name": "famille",
    "guardians": "responsables",
    "emails": "e-mails",
    "telephones": "téléphone",
    "address": "adresse postale",
    "payer": "payeur",
    "password": "mot de passe",
}
OFFICE: Final = "l'administration"
_SIDES: Final[dict[Side, str]] = {"family": "la famille", "office": OFFICE, "file": "le fichier annuel"}
_SESSIONS: Final[dict[SessionKind, str]] = {
    "": "",
    "login": "session de connexion",
    "change": "session ouverte en changeant de mot de passe",
}


def field(correction: Correction) -> str:
    """Name the field, and whose it is."""
    return f"{FIELDS[correction.what]} {de(correction.of)}" if correction.of else FIELDS[correction.what]


def by_whom(correction: Correction) -> str:
    """Say who changed it, for the office."""
    side, more = _SIDES[correction.hand.side], correction.hand.who or _SESSIONS[correction.session]
    return f"{side} ({more})" if more else side


def line(correction: Correction) -> str:
    """Say a change in one line, for the office."""
    old, new = stood(correction)
    return f"{day_and_hour(correction.at)} : {field(correction)} : {old} → {new}, par {by_whom(correction)}"


def line_for_family(correction: Correction) -> str:
    """Say it to the family itself: nobody of the office is named."""
    old, new = stood(correction)
    who = (correction.hand.who or _SIDES["family"]) if correction.hand.side == "family" else OFFICE
    return f"{day_and_hour(correction.at)} : {field(correction)} : {old} → {new}, par {who}"


def confirmed(account: Account) -> str:
    """Say whether the family has confirmed its coordinates."""
    if account.confirmed is None:
        return "pas par la famille"
    said = f"le {day_and_hour(account.confirmed.at)}, par {account.confirmed.by}"
    return said if is_confirmed(account) else f"{said} ; changées depuis"


def as_data(correction: Correction) -> dict[str, Any]:
    """Give it as JSON can hold it."""
    return {
        "field": correction.what,
        "guardian": correction.of or None,
        "old": correction.old,
        "new": correction.new,
        "by": correction.hand.side,
        "who": correction.hand.who or None,
        "at": correction.at,
    } | ({"session": correction.session} if correction.session else {})
