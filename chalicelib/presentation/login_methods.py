"""Passkeys and FranceConnect links in words: whose, since when, and by which proof of the login."""

from collections.abc import Iterator

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.login_methods import CHOSEN
from chalicelib.presentation.texts import day_and_hour


def proof_text(proof: str) -> str:
    """Describe the proof of a login method: « preuve : un mail reçu à a@example.org »."""
    if proof == CHOSEN:
        return "preuve : un mot de passe choisi"
    return f"preuve : un mail reçu à {' ou '.join(proof.split())}" if proof else "preuve non notée"


def by_text(by: str) -> str:
    """Name the guardian of a login method, if that is known."""
    return f" par {by}" if by else ""


def method_lines(account: Account) -> Iterator[str]:
    """Describe each passkey and link of a login."""
    for key in account.passkeys:
        since = f"ajoutée le {day_and_hour(key.added_at)}{by_text(key.by)}"
        yield f"la clé d'accès « {key.name} », {since} ; {proof_text(key.proof)}"
    for link in account.links:
        yield f"FranceConnect, relié le {day_and_hour(link.linked_at)}{by_text(link.by)} ; {proof_text(link.proof)}"
