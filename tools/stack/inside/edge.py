"""The edge: passes the viewer's address and protocol to a distribution, as CloudFront does. A viewer cannot forge them.

Also its certificate, and DynamoDB throttling on demand, which MiniStack does not have.
"""

import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from ministack.app import app

_DISTRIBUTION = re.compile(rb"[a-z0-9]+\.cloudfront\.net(:[0-9]+)?")
_OURS = (b"cloudfront-", b"x-forwarded-proto")
# `make stack SCHEME=http`: plain HTTP is treated as TLS, as if it had ended in front of us.
_PLAIN_PASSES = os.environ.get("CLEF_PLAIN_HTTP_PASSES_FOR_TLS") == "1"
_SIGN = Path(os.environ["CLEF_DYNAMODB_THROTTLES"])  # checking a file is cheaper than a thread that polls it
_THROTTLED = b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "too many requests"}'

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def edge(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection, with `CloudFront-Viewer-Address` if the host is a distribution's."""
    if scope["type"] == "http":
        headers = {name.lower(): value for name, value in scope["headers"]}
        if _DISTRIBUTION.fullmatch(headers.get(b"host", b"").lower()):
            _add_viewer_headers(scope)
        if headers.get(b"x-amz-target", b"").startswith(b"DynamoDB_") and _SIGN.exists():  # noqa: ASYNC240
            await _throttle(send)
            return
    await app(scope, receive, send)


def _add_viewer_headers(scope: Scope) -> None:
    address, port = scope["client"]
    scope["headers"] = [
        *((name, value) for name, value in scope["headers"] if not name.lower().startswith(_OURS)),
        (b"cloudfront-viewer-address", f"{address}:{port}".encode()),
        (b"x-forwarded-proto", b"https" if _PLAIN_PASSES else scope["scheme"].encode()),
    ]


async def _throttle(send: Send) -> None:
    headers = [(b"content-type", b"application/x-amz-json-1.0")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": _THROTTLED})


def write_certificate(folder: Path) -> tuple[str, str]:
    """Write `certificate.pem` and `key.pem`, valid for any distribution and for a day, and return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Clef, emulated")])
    names = [x509.DNSName("*.cloudfront.net"), x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate_ = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, certificate, secret = serialization.Encoding.PEM, folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(certificate_.public_bytes(pem))
    secret.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return str(certificate), str(secret)
