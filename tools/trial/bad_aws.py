"""An AWS that never answers well, on loopback, with TLS or without."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tools.bench.serving import Handler, Server


class Mood(Enum):
    """What goes wrong."""

    DENIED = auto()
    THROTTLED = auto()
    FAULTY = auto()
    LATE = auto()
    NOT_JSON = auto()
    CORRUPT = auto()
    CUT_SHORT = auto()
    HUNG_UP = auto()
    SILENT = auto()


_ERRORS: Final = {
    Mood.DENIED: (400, "com.amazon.coral.service#AccessDeniedException"),
    Mood.THROTTLED: (400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"),
    Mood.FAULTY: (500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
    Mood.LATE: (400, "com.amazon.coral.service#RequestTimeTooSkewed"),
}
_LONGER_THAN_WE_WAIT = 2.5  # seconds


class BadAws:
    """Answers every call in its mood of the moment, and counts them."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.mood = Mood.FAULTY
        self.calls = 0
        self._server = Server(type("_Handler", (_Handler,), {"aws": self}), tls)
        self.endpoint_url = f"{'https' if tls else 'http'}://{self._server.place}"

    def __enter__(self) -> Self:
        """Serve."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(Handler):
    aws: BadAws

    def do_POST(self) -> None:  # noqa: N802 - http.server's own name
        """Answer badly."""
        self.body()
        self.aws.calls += 1
        mood = self.aws.mood
        if mood in _ERRORS:
            status, name = _ERRORS[mood]
            self.answer(status, {"__type": name, "message": "planned"})
        elif mood is Mood.CORRUPT:
            self.answer(200, {}, {"x-amz-crc32": "1"})
        elif mood is Mood.NOT_JSON:
            self._send(b"<html>", 6)
        elif mood is Mood.CUT_SHORT:
            self._send(b"{", 100)
        else:
            time.sleep(_LONGER_THAN_WE_WAIT if mood is Mood.SILENT else 0)
            self.close_connection = True

    def _send(self, raw: bytes, promised: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(raw)
        self.close_connection = True


class Tls:
    """A certificate for loopback that nobody has heard of, for as long as the block lasts."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self.certificate = Path(self._folder.name, "certificate.pem")
        self._key = Path(self._folder.name, "key.pem")
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._key.write_bytes(private)
        self.certificate.write_bytes(_certificate(key).public_bytes(Encoding.PEM))

    def server(self) -> ssl.SSLContext:
        """Give what a server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self._key)
        return context

    def __enter__(self) -> Self:
        """Keep the files."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete them."""
        self._folder.cleanup()


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name: Any = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(loopback, critical=False)
        # Without these Python 3.13, which checks strictly, trusts nothing.
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return built.sign(key, SHA256())
