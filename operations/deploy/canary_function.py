"""The canary's function: logs in as a fictitious family from another region. It is deployed as this one file."""

import json
import os
import re
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

_SECONDS = 20  # of one connection or answer: five of them fit into the function's time
_BETWEEN_LOGINS = 29 * 60  # seconds: every sixth visit
_KNOWN = {"next_login": 0.0}  # kept from one visit to the next by the same instance of the function
_STYLE_SHEET = re.compile(r'"(/extranet/assets/[^"]+\.css)"')
_PROOF = re.compile(r'name="jeton" value="([^"]+)"')


class WrongAnswer(Exception):
    """An answer that a family could not use. The message names the request, and holds no secret."""


class Family:
    """The fictitious family in its browser, which its account knows by a cookie."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._url = urlsplit(settings["URL"])
        self._at = settings.get("CONNECT", "")  # host and port, if not where the name resolves
        name, _, value = settings["DEVICE"].partition("=")
        self._cookies = {name: value}

    def send(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """GET a path, or POST a form to it. Raises `OSError`."""
        headers = {"Host": self._url.netloc, "Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(self._url.hostname or "", timeout=_SECONDS)
        try:
            connection.sock = self._connect()
            connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, text

    def _connect(self) -> socket.socket:
        is_tls = self._url.scheme == "https"
        host, _, port = (self._at or self._url.netloc).partition(":")
        plain = socket.create_connection((host, int(port or (443 if is_tls else 80))), _SECONDS)
        if not is_tls:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._url.hostname)


def expect(family: Family, name: str, status: int, path: str, form: Mapping[str, str] | None = None) -> str:
    """Send a request, and return the page of the expected answer. Raises `WrongAnswer`."""
    try:
        code, text = family.send(path, form)
    except OSError as error:
        raise WrongAnswer(f"{name}: {type(error).__name__}: {error}") from None
    if code != status:
        raise WrongAnswer(f"{name}: answered {code} instead of {status}")
    return text


def find(pattern: "re.Pattern[str]", name: str, text: str) -> str:
    """Find a part of a page. Raises `WrongAnswer`."""
    if match := pattern.search(text):
        return match[1]
    raise WrongAnswer(f"{name}: is not the usual page")


def read_pages(family: Family) -> None:
    """Read « Connexion » and its style sheet, which the bucket serves at no cost."""
    page = expect(family, "Connexion", 200, "/extranet/usager")
    expect(family, "the style sheet", 200, find(_STYLE_SHEET, "Connexion", page))


def log_in_and_out(family: Family, settings: Mapping[str, str]) -> None:
    """Log in, read « Accueil », log out."""
    fields = {"site": settings["SITE"], "identifiant": settings["IDENTIFIER"], "mot_de_passe": settings["PASSWORD"]}
    expect(family, "the login", 303, "/extranet/compte/connexion", fields)
    home = expect(family, "Accueil", 200, "/extranet/compte")
    expect(family, "the logout", 303, "/extranet/compte/deconnexion", {"jeton": find(_PROOF, "Accueil", home)})


def handler(event: Mapping[str, object], _context: object) -> None:
    """Visit once. A failure is an error of the function, which its alarm counts.

    A login has a price: it is due each half hour, and at each visit after a start or a failure.
    """
    start, family = time.monotonic(), Family(os.environ)
    is_due = start >= _KNOWN["next_login"] or bool(event.get("logs_in"))
    read_pages(family)
    if is_due:
        _KNOWN["next_login"] = start
        log_in_and_out(family, os.environ)
        _KNOWN["next_login"] = start + _BETWEEN_LOGINS
    print(json.dumps({"event": "canary_ok", "logged_in": is_due, "ms": round(1000 * (time.monotonic() - start))}))
