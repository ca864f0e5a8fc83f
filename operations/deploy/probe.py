"""One HTTP request as a family's browser sends it: no redirect followed, and to a chosen machine if need be."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from operations.deploy.addresses import Address

_SECONDS = 35  # more than the function's own time


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case. `status` 0: nothing did, and `text` says why."""

    status: int
    headers: dict[str, str]
    text: str


def request(
    address: Address, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """GET a path, or POST a form to it."""
    parts = urlsplit(address.url)
    sent = {"Host": address.host, "Accept": "text/html", **(headers or {})}
    body = None
    if form is not None:
        body = urlencode(form)
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    connection = HTTPConnection(parts.hostname or "", timeout=_SECONDS)
    try:
        connection.sock = _connect(address)
        connection.request("GET" if form is None else "POST", parts.path + path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", errors="replace")
    except (OSError, HTTPException) as error:
        return Answer(0, {}, f"{type(error).__name__}: {error}")
    finally:
        connection.close()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)


def _connect(address: Address) -> socket.socket:
    """Connect to the chosen machine; over TLS it must show a certificate of the name that was asked for."""
    parts = urlsplit(address.url)
    name = parts.hostname or ""
    is_tls = parts.scheme == "https"
    plain = socket.create_connection(address.at or (name, parts.port or (443 if is_tls else 80)), timeout=_SECONDS)
    return ssl.create_default_context().wrap_socket(plain, server_hostname=name) if is_tls else plain
