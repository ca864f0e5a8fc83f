"""An AWS that lies, hangs up, stays silent or is untrusted: `Unavailable`, whichever error botocore raises."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chalicelib import wiring
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.settings.environment import Settings

Answer = Callable[[BaseHTTPRequestHandler], None]

NOBODY = Lookup("accounts", {"site": "evry-xenakis", "identifier": "xen1"}, lambda item: item)


def send(request: BaseHTTPRequestHandler, raw: bytes, count: int, **headers: str) -> None:
    request.send_response(200)
    for name, value in {"Content-Length": str(count), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(raw)


ANSWERS: dict[str, Answer] = {
    "not JSON": lambda request: send(request, b"<html>", 6),
    "corrupt": lambda request: send(request, b"{}", 2, x_amz_crc32="1"),
    "cut short": lambda request: send(request, b"{", 100),
    "hung up": lambda _request: None,
    "silent": lambda _request: time.sleep(1.2),  # longer than the timeout
}


@contextmanager
def answering(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve on loopback. Yields the address and the calls received."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(self.headers["X-Amz-Target"])
            answer(self)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # an untrusting client hangs up
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", calls
        server.shutdown()


def ask(settings: Settings, address: str) -> None:
    wiring.build(replace(settings, endpoint_url=address), calls=1, patience=1).database.read_together(NOBODY)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_makes_no_sense_is_none(settings: Settings, answer: str) -> None:
    with answering(ANSWERS[answer]) as (address, calls), pytest.raises(Unavailable, match="dynamodb"):
        ask(settings, address)

    assert calls == ["DynamoDB_20120810.BatchGetItem"]


def test_tls_is_trusted_by_its_certificate(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))

    with answering(lambda request: send(request, b'{"Responses":{}}', 16), context) as (address, calls):
        with pytest.raises(Unavailable, match="SSL"):
            ask(settings, address)
        assert calls == []
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "loopback.pem"))
        ask(settings, address)

    assert calls == ["DynamoDB_20120810.BatchGetItem"]


def certificate(folder: Path) -> Path:
    """Write a self-signed certificate for loopback, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    result = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        # Without these Python 3.13, which checks strictly, trusts no certificate.
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    file = folder / "loopback.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + result.public_bytes(Encoding.PEM))
    return file
