"""Codes of an authenticator: RFC 6238, six digits, thirty seconds, SHA-1, as all authenticators support."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

PERIOD: Final = 30  # seconds
DIGITS: Final = 6
DRIFT: Final = 1  # steps before and after: RFC 6238, 5.2
TOTP_KIND: Final = "key of an application"  # a kind of seal
KEY_BYTES: Final = 20  # the length of SHA-1 (RFC 4226, 4)


def new_key() -> str:
    """Make a key, in base32 without padding, for an authenticator."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode()


def step_at(now: datetime) -> int:
    """Compute the time step of a moment."""
    return int(now.timestamp()) // PERIOD


def code_at(key: str, step: int) -> str:
    """Compute the code of a step (RFC 4226, 5.3)."""
    digest = hmac.new(base64.b32decode(key), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(key: str, code: str, now: datetime, last_step: int) -> int | None:
    """Find the step of a code, after the last one accepted. None if there is none."""
    here, matching = step_at(now), None
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(code_at(key, step).encode(), code.encode()) and step > last_step:
            matching = step
    return matching


def otpauth(key: str, issuer: str, account: str) -> str:
    """Make the URI in the QR code for an authenticator (Key Uri Format)."""
    label = f"{_quoted(issuer)}:{_quoted(account)}"
    return (
        f"otpauth://totp/{label}?secret={key}&issuer={_quoted(issuer)}&algorithm=SHA1&digits={DIGITS}&period={PERIOD}"
    )


def _quoted(text: str) -> str:
    """Percent-encode all characters but RFC 3986's unreserved ones."""
    return "".join(
        chr(byte) if (chr(byte).isalnum() and byte < 0x80) or chr(byte) in "-._~" else f"%{byte:02X}"  # noqa: PLR2004
        for byte in text.encode()
    )
