"""Challenges of families' passkeys: signed for a purpose, so that a page that asks for a passkey stores nothing."""

import secrets
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.identity.json_object import json_object
from chalicelib.domain.identity.webauthn import PasskeyRefused
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import frozen

LASTS: Final = timedelta(minutes=15)
_BETWEEN: Final = "~"  # in no part, unlike the point


class ChallengeExpired(FormRefusal):
    """The page that asked for a passkey was shown too long ago."""

    code = "passkey_page_expired"


@frozen
class Challenge:
    """A challenge that a browser signed: as it was shown, and its own name."""

    text: str = field(repr=False)
    name: str

    def use(self, used: tuple[str, ...], now: datetime) -> tuple[str, ...]:
        """Add it to the used challenges of a passkey, without those that expired. Raises `PasskeyRefused`.

        Each use has a mark of its own: the store takes a second write that is equal to the first for its repetition.
        """
        if any(other.startswith(f"{self.name}{_BETWEEN}") for other in used):
            raise PasskeyRefused("replayed")
        challenges = (other for other in used if not _is_over(other, now))
        return (*challenges, f"{self.name}{_BETWEEN}{secrets.token_hex(4)}")


@frozen
class Challenges:
    """Makes and checks challenges under the keys of a use. `purpose`: the words that a challenge is signed for."""

    keys: KeyRing
    purpose: tuple[str, ...]

    def new(self, now: datetime) -> str:
        """Make a challenge: base64url of its moment, a nonce and their signature."""
        words = (str(int(now.timestamp())), secrets.token_urlsafe(16))
        return encode(_BETWEEN.join((*words, self.keys.sign("challenge", *self.purpose, *words))).encode())

    def check(self, client_data: bytes, now: datetime) -> Challenge:
        """Read the challenge that a browser signed. Raises `PasskeyRefused` or `ChallengeExpired`."""
        try:
            text = json_object(client_data)["challenge"]
            moment, nonce, signature = decode(text).decode().split(_BETWEEN)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise PasskeyRefused("challenge") from None
        if not self.keys.verify(signature, "challenge", *self.purpose, moment, nonce):
            raise PasskeyRefused("challenge")
        name = f"{moment}{_BETWEEN}{nonce}"
        if _is_over(name, now):
            raise ChallengeExpired
        return Challenge(text, name)


def _is_over(name: str, now: datetime) -> bool:
    """Whether a challenge, by its name, has expired."""
    return now.timestamp() - int(name.partition(_BETWEEN)[0]) >= LASTS.total_seconds()
