"""Base64url as our links, cookies and challenges write it: bytes have one spelling, and no other is read."""

import base64


def encode(data: bytes) -> str:
    """Encode bytes as base64url, without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(words: str) -> bytes:
    """Decode base64url. Raises `ValueError` for text that `encode` never writes."""
    data = base64.b64decode(words + "=" * (-len(words) % 4), altchars=b"-_", validate=True)
    if encode(data) != words:
        raise ValueError("not base64url in its only form")
    return data
