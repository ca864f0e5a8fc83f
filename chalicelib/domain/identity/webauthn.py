"""Passkeys by WebAuthn level 2 (https://www.w3.org/TR/webauthn-2/): parsing and verification.

Attestation « none », ES256 or RS256, user verification always. The page sends the authenticator data of a registration
itself (`getAuthenticatorData()`), so that no attestation object is parsed (docs/decisions/0092).
"""

import hashlib
import hmac
import secrets
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.identity.base64url import decode, encode
from chalicelib.domain.identity.json_object import json_object
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import frozen

if TYPE_CHECKING:
    from fido2.webauthn import AuthenticatorData

LONGEST_ID: Final = 1023  # bytes: WebAuthn level 2, 4 (credential ID)
_CHALLENGE_BYTES: Final = 32  # 13.4.3 asks for at least 16
_CREATED, _USED = "webauthn.create", "webauthn.get"
_REGISTRATION: Final = ("id", "clientDataJSON", "authenticatorData")
_ASSERTION: Final = (*_REGISTRATION, "signature")


class PasskeyRefused(FormRefusal):
    """A passkey did not respond, or not as asked. `why`: the failed check, only for the record."""

    code = "staff_passkey_refused"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@frozen
class RelyingParty:
    """The relying party: the host that passkeys are bound to, and the allowed origins."""

    id: str
    origins: frozenset[str]


@frozen
class Registration:
    """A page's response from a new passkey."""

    id: bytes
    client_data: bytes = field(repr=False)
    authenticator_data: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Registration":
        """Parse a form's field: base64url of a JSON object of base64url words. Raises `PasskeyRefused`."""
        return cls(*_words(text, _REGISTRATION))


@frozen
class Assertion:
    """A page's response from a used passkey."""

    id: bytes
    client_data: bytes = field(repr=False)
    authenticator_data: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Assertion":
        """Parse a form's field, like that of a registration. Raises `PasskeyRefused`."""
        return cls(*_words(text, _ASSERTION))


def new_challenge() -> str:
    """Make a challenge to sign: 256 random bits, base64url."""
    return encode(secrets.token_bytes(_CHALLENGE_BYTES))


def challenge_of_link(secret: str) -> str:
    """Derive the challenge of an invitation's page, which has no session. Like its link, it works once."""
    return encode(hmac.new(secret.encode(), b"challenge of a passkey", hashlib.sha256).digest())


def register(
    registration: Registration, challenge: str, relying_party: RelyingParty, name: str, now: datetime
) -> Passkey:
    """Verify a new passkey (7.1, steps 5 to 23). Raises `PasskeyRefused`.

    Steps 18 to 21 do not apply without attestation. Step 22, the uniqueness of the credential among members, is
    skipped: a passkey is only searched for among the member's own.
    """
    from chalicelib.domain.identity.authenticator_data import stored_key  # noqa: PLC0415 - it loads `fido2`

    _check_client_data(registration.client_data, _CREATED, challenge, relying_party)
    data = _read(registration.authenticator_data, relying_party)
    credential = data.credential_data
    if credential is None or credential.credential_id != registration.id:
        raise PasskeyRefused("credential")
    try:
        return Passkey(encode(registration.id), encode(stored_key(credential.public_key)), data.counter, name, now)
    except ValueError:
        raise PasskeyRefused("data") from None


def verify(assertion: Assertion, passkey: Passkey, challenge: str, relying_party: RelyingParty) -> Passkey:
    """Verify a passkey's assertion (7.2, steps 5 to 21). Returns it with its new counter. Raises `PasskeyRefused`.

    The cheap checks come first.
    """
    from chalicelib.domain.identity.authenticator_data import is_signed  # noqa: PLC0415 - it loads `fido2`

    if encode(assertion.id) != passkey.id:
        raise PasskeyRefused("credential")
    _check_client_data(assertion.client_data, _USED, challenge, relying_party)
    data = _read(assertion.authenticator_data, relying_party)
    if data.credential_data is not None:
        raise PasskeyRefused("data")
    signed_bytes = assertion.authenticator_data + hashlib.sha256(assertion.client_data).digest()
    if not is_signed(decode(passkey.public_key), signed_bytes, assertion.signature):
        raise PasskeyRefused("signature")
    if (data.counter or passkey.sign_count) and data.counter <= passkey.sign_count:
        raise PasskeyRefused("counter")  # step 21: it may have been cloned
    return replace(passkey, sign_count=data.counter)


def _words(text: str, names: tuple[str, ...]) -> list[bytes]:
    """Parse a response with exactly these names, the credential's id first."""
    if not text:
        raise PasskeyRefused("nothing")
    try:
        answer = json_object(decode(text))
        words = [decode(answer.pop(name)) for name in names]
    except (KeyError, TypeError, ValueError):
        raise PasskeyRefused("form") from None
    if answer or not 0 < len(words[0]) <= LONGEST_ID:
        raise PasskeyRefused("form")
    return words


def _check_client_data(client_data: bytes, kind: str, challenge: str, relying_party: RelyingParty) -> None:
    """Check the browser's data about the page (7.1, steps 5 to 10, and 7.2, steps 9 to 14)."""
    try:
        data = json_object(client_data)
    except ValueError:
        raise PasskeyRefused("client_data") from None
    if data.get("type") != kind:
        raise PasskeyRefused("type")
    if not challenge or not _is_same(data.get("challenge"), challenge):
        raise PasskeyRefused("challenge")
    origin = data.get("origin")
    if (
        not isinstance(origin, str)
        or origin not in relying_party.origins
        or data.get("crossOrigin", False) is not False
    ):
        raise PasskeyRefused("origin")
    if not _is_unbound(data.get("tokenBinding")):
        raise PasskeyRefused("token_binding")


def _is_same(value: object, challenge: str) -> bool:
    return isinstance(value, str) and value.isascii() and hmac.compare_digest(value, challenge)


def _is_unbound(binding: object) -> bool:
    """Whether no token is bound to the connection: ours are not, so any binding is to another host."""
    return binding is None or (isinstance(binding, dict) and binding.get("status") == "supported")


def _read(data: bytes, relying_party: RelyingParty) -> "AuthenticatorData":
    """Parse authenticator data of this host, with the user present and verified (7.1, 13 to 15, and 7.2, 15 to 17)."""
    from chalicelib.domain.identity.authenticator_data import read_data  # noqa: PLC0415 - it loads `fido2`

    try:
        authenticator = read_data(data)
    except ValueError:
        raise PasskeyRefused("data") from None
    if not hmac.compare_digest(authenticator.rp_id_hash, hashlib.sha256(relying_party.id.encode()).digest()):
        raise PasskeyRefused("party")
    if not authenticator.is_user_present() or not authenticator.is_user_verified():
        raise PasskeyRefused("unverified")
    return authenticator
