"""The link of an invitation: whose it is and its secret, sealed; and the key of an application that its page shows."""

import base64
import hashlib
import hmac
from typing import Final

from chalicelib.domain.account.sealing import Seal
from chalicelib.domain.staff.totp import KEY_BYTES

_PATH: Final = "/extranet/bureau/invitation/"


def invitation_link(seal: Seal, email: str, secret: str) -> str:
    """Write the link of an invitation as one part of an address: `{lien}` of `invitation_path`.

    `seal`: `StaffStores.link_seal`; `secret`: `members.new_link_secret()`, of which the member keeps the digest.
    """
    return base64.urlsafe_b64encode(seal.seal(email, secret)).decode().rstrip("=")


def invitation_path(lien: str) -> str:
    """Write the address at which it is accepted, which follows the public one: for a mail, a screen, a redirect."""
    return _PATH + lien


def read_link(seal: Seal, lien: str) -> tuple[str, str] | None:
    """Read the address and the secret of a link; None where it is none of ours."""
    try:
        whole = base64.b64decode(lien + "=" * (-len(lien) % 4), b"-_", validate=True)
    except ValueError:
        return None
    words = seal.open(whole)
    return (words[0], words[1]) if words and len(words) == len(("email", "secret")) else None


def proposed_key(record_key: str, *facts: str) -> str:
    """Derive the key of an application that a page proposes: the same each time it is shown, and stored nowhere.

    `facts`: what only this page has, a secret among them: of a link, or of a session.
    """
    key = hmac.new(record_key.encode(), b"proposed key of an application", hashlib.sha256).digest()
    made = hmac.new(key, "\0".join(facts).encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:KEY_BYTES]).decode()
