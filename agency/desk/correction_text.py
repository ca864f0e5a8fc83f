"""What a command says of a change of a family's coordinates: which field, by whom, what stood there and stands now."""

from typing import Any

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import is_confirmed
from chalicelib.domain.family.corrections import Correction
from chalicelib.office.correction_words import OFFICE, SIDES, author, field_name, line
from chalicelib.texts import day_and_hour, describe_change

__all__ = ["author", "confirmation_text", "correction_json", "field_name", "line", "line_for_family"]


def line_for_family(correction: Correction) -> str:
    """Describe it for the family itself: nobody of the office is named."""
    old, new = describe_change(correction)
    who = (correction.actor.who or SIDES["family"]) if correction.actor.side == "family" else OFFICE
    return f"{day_and_hour(correction.at)} : {field_name(correction)} : {old} → {new}, par {who}"


def confirmation_text(account: Account) -> str:
    """Describe when the family confirmed its coordinates, if it did."""
    if account.confirmed is None:
        return "pas par la famille"
    sentence = f"le {day_and_hour(account.confirmed.at)}, par {account.confirmed.by}"
    return sentence if is_confirmed(account) else f"{sentence} ; changées depuis"


def correction_json(correction: Correction) -> dict[str, Any]:
    """Describe it as JSON can hold it."""
    return {
        "field": correction.what,
        "guardian": correction.of or None,
        "old": correction.old,
        "new": correction.new,
        "by": correction.actor.side,
        "who": correction.actor.who or None,
        "at": correction.at,
    } | ({"session": correction.session} if correction.session else {})
