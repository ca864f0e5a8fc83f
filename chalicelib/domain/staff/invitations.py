"""The link of an invitation, which seals its member and secret, and sealed texts for addresses and forms."""

import base64
from typing import Final

from chalicelib.domain.account.sealing import Seal

_PATH: Final = "/extranet/bureau/invitation/"


def invitation_link(seal: Seal, email: str, secret: str) -> str:
    """Write the link of an invitation as one part of an address: `{lien}` of `invitation_path`.

    `seal`: `StaffStores.link_seal`; `secret`: `members.new_link_secret()`, of which the member keeps the digest.
    """
    return sealed_text(seal, email, secret)


def invitation_path(lien: str) -> str:
    """Write the address at which it is accepted, which follows the public one: for a mail, a screen, a redirect."""
    return _PATH + lien


def read_link(seal: Seal, lien: str) -> tuple[str, str] | None:
    """Read the address and the secret of a link; None where it is none of ours."""
    words = words_in(seal, lien)
    return (words[0], words[1]) if words and len(words) == len(("email", "secret")) else None


def sealed_text(seal: Seal, *words: str) -> str:
    """Seal words as text that an address or a form may carry."""
    return base64.urlsafe_b64encode(seal.seal(*words)).decode().rstrip("=")


def words_in(seal: Seal, text: str) -> tuple[str, ...] | None:
    """Read the words of a sealed text, None where we did not seal it."""
    try:
        return seal.open(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except ValueError:
        return None
