"""The login methods of an account beside its password: passkeys, and links to a person at FranceConnect."""

import hashlib
from collections.abc import Collection
from dataclasses import field
from datetime import datetime
from typing import Final

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.values import frozen

CHOSEN: Final = "chosen"  # a login method that a chosen password proved: it stays, whatever address leaves
PASSKEYS_AT_MOST: Final = 8  # of one login
LINKS_AT_MOST: Final = 8


@frozen
class Passkey:
    """A WebAuthn credential: public key (a point of ES256, else a COSE key, in base64url) and counter.

    Of a family's login also: its last use, and the challenges that it recently signed
    (`flows/login_methods/passkeys.py`), `by` and `proof` as of a link.
    """

    id: str
    public_key: str = field(repr=False)
    sign_count: int
    name: str
    added_at: datetime
    used_at: datetime | None = None
    challenges: tuple[str, ...] = field(default=(), repr=False)
    by: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)


@frozen
class IdentityLink:
    """A person at FranceConnect whose login there opens this one.

    `subject`: the pseudonym of the person's identifier there (`subject_of`). `by`: the guardian who linked it, by name,
    empty if unknown. `proof`: of the login at that time: `CHOSEN`, or the addresses, between blanks, of which one
    had the mailed code or password. Empty if it is not recorded.
    """

    subject: str = field(repr=False)
    linked_at: datetime
    by: str = field(default="", repr=False)
    used_at: datetime | None = None
    proof: str = field(default="", repr=False)


def is_held(proof: str, emails: Collection[str]) -> bool:
    """Whether the proof of a login method stands: a chosen password, or every address that may have had the mail."""
    return proof == CHOSEN or (bool(proof) and set(proof.split()).issubset(emails))


def passkey_name(passkey_id: str) -> str:
    """Make the name under which the mailboxes table lists the account of a passkey: ids have up to a thousand bytes."""
    return f"passkey-{hashlib.sha256(passkey_id.encode()).hexdigest()}"


def subject_of(pseudonyms: Pseudonyms, issuer: str, sub: str) -> str:
    """Make the pseudonym of a person at an identity provider, under which the mailboxes table lists their accounts."""
    return pseudonyms.of("person of an identity provider", issuer, sub)
