"""What the family area keeps on the account's item: changes and their traces, the confirmation, an unproven address."""

from typing import Any

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.email_proof import Mailed, Unproven
from chalicelib.domain.family.corrections import Confirmation, Correction, Hand
from chalicelib.stores.values import Item, moment


def family_item(account: Account) -> dict[str, Any]:
    """Give the attributes that hold it; those without content are not there."""
    confirmed = account.confirmed
    return {
        "corrections": list(map(_correction_item, account.corrections)) or None,
        "access": list(map(_correction_item, account.access)) or None,
        "corrected": list(account.corrected) or None,
        "confirmed": confirmed and {"by": confirmed.by, "at": confirmed.at},
        "unproven": account.unproven and _unproven_item(account.unproven),
        "codes": list(account.codes) or None,
    }


def family_facts(item: Item) -> dict[str, Any]:
    """Read it back, by the account's own names."""
    confirmed, unproven = item.get("confirmed"), item.get("unproven")
    return {
        "corrections": tuple(map(_correction, item.get("corrections", ()))),
        "access": tuple(map(_correction, item.get("access", ()))),
        "corrected": tuple(map(moment, item.get("corrected", ()))),
        "confirmed": Confirmation(confirmed["by"], moment(confirmed["at"])) if confirmed else None,
        "unproven": _unproven(unproven) if unproven else None,
        "codes": tuple(map(moment, item.get("codes", ()))),
    }


def _correction_item(correction: Correction) -> dict[str, Any]:
    return {
        "what": correction.what,
        "of": correction.of or None,
        "old": list(correction.old) or None,
        "new": list(correction.new) or None,
        "side": correction.hand.side,
        "who": correction.hand.who or None,
        "at": correction.at,
        "decision": correction.decision,
        "session": correction.session or None,
    }


def _correction(item: Item) -> Correction:
    return Correction(
        what=item["what"],
        old=tuple(item.get("old", ())),
        new=tuple(item.get("new", ())),
        hand=Hand(item["side"], item.get("who", "")),
        at=moment(item["at"]),
        decision=item["decision"],
        of=item.get("of", ""),
        session=item.get("session", ""),
    )


def _unproven_item(unproven: Unproven) -> dict[str, Any]:
    return {
        "name": unproven.name,
        "email": unproven.email,
        "by": unproven.by,
        "asked_at": unproven.asked_at,
        "replaced": unproven.replaced or None,
        "guardian": unproven.guardian or None,
        "mailed": [{"digest": each.digest, "request": each.request} for each in unproven.mailed] or None,
        "tries": list(unproven.tries) or None,
    }


def _unproven(item: Item) -> Unproven:
    return Unproven(
        name=item["name"],
        email=item["email"],
        by=item["by"],
        asked_at=moment(item["asked_at"]),
        replaced=item.get("replaced", ""),
        guardian=item.get("guardian", ""),
        mailed=tuple(Mailed(each["digest"], each["request"]) for each in item.get("mailed", ())),
        tries=tuple(item.get("tries", ())),
    )
