"""The family area's attributes of an account's item: corrections, confirmation, pending address."""

from typing import Any

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.email_proof import MailedCode, PendingEmail
from chalicelib.domain.family.corrections import Actor, Confirmation, Correction
from chalicelib.infra.dynamo.values import Item, moment


def family_item(account: Account) -> dict[str, Any]:
    """Encode these attributes. Empty ones are left out."""
    confirmed = account.confirmed
    return {
        "corrections": list(map(_correction_item, account.corrections)) or None,
        "access": list(map(_correction_item, account.access_corrections)) or None,
        "corrected": list(account.correction_times) or None,
        "confirmed": confirmed and {"by": confirmed.by, "at": confirmed.at},
        "unproven": account.pending_email and _pending_email_item(account.pending_email),
        "codes": list(account.code_times) or None,
    }


def family_facts(item: Item) -> dict[str, Any]:
    """Decode them, by the account's field names."""
    confirmed, unproven = item.get("confirmed"), item.get("unproven")
    return {
        "corrections": tuple(map(_correction, item.get("corrections", ()))),
        "access_corrections": tuple(map(_correction, item.get("access", ()))),
        "correction_times": tuple(map(moment, item.get("corrected", ()))),
        "confirmed": Confirmation(confirmed["by"], moment(confirmed["at"])) if confirmed else None,
        "pending_email": _pending_email(unproven) if unproven else None,
        "code_times": tuple(map(moment, item.get("codes", ()))),
    }


def _correction_item(correction: Correction) -> dict[str, Any]:
    return {
        "what": correction.what,
        "of": correction.of or None,
        "old": list(correction.old) or None,
        "new": list(correction.new) or None,
        "side": correction.actor.side,
        "who": correction.actor.who or None,
        "at": correction.at,
        "decision": correction.decision,
        "session": correction.session or None,
    }


def _correction(item: Item) -> Correction:
    return Correction(
        what=item["what"],
        old=tuple(item.get("old", ())),
        new=tuple(item.get("new", ())),
        actor=Actor(item["side"], item.get("who", "")),
        at=moment(item["at"]),
        decision=item["decision"],
        of=item.get("of", ""),
        session=item.get("session", ""),
    )


def _pending_email_item(pending_email: PendingEmail) -> dict[str, Any]:
    return {
        "name": pending_email.name,
        "email": pending_email.email,
        "by": pending_email.by,
        "asked_at": pending_email.asked_at,
        "replaced": pending_email.replaced or None,
        "guardian": pending_email.guardian or None,
        "mailed": [{"digest": code.digest, "request": code.request} for code in pending_email.mailed] or None,
        "tries": list(pending_email.tries) or None,
    }


def _pending_email(item: Item) -> PendingEmail:
    return PendingEmail(
        name=item["name"],
        email=item["email"],
        by=item["by"],
        asked_at=moment(item["asked_at"]),
        replaced=item.get("replaced", ""),
        guardian=item.get("guardian", ""),
        mailed=tuple(MailedCode(code["digest"], code["request"]) for code in item.get("mailed", ())),
        tries=tuple(item.get("tries", ())),
    )
