"""A browser without JavaScript, by HTTP through the distribution: keeps its cookies, follows no redirect by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.support.french import plain
from tools.stack.deployed import Stack
from tools.stack.emulator import HOST

HOME = "/extranet/compte"
LOGIN = "/extranet/compte/connexion"
LOST_PASSWORD = "/extranet/compte/mot-de-passe-perdu"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: "Message[str, str]"
    text: str

    @property
    def is_french_page(self) -> bool:
        """Whether it is a French page."""
        return '<html lang="fr">' in self.text and self.headers["Content-Type"] == "text/html; charset=utf-8"


class Visitor:
    """A visitor at the public address."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.host = urlsplit(stack.public.url).netloc
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self.send("GET", path, headers=headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Answer:
        """Send a form like our pages."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self.send("POST", path, urlencode(form), {**kind, **headers})

    def log_in(self, site: str, identifier: str, password: str) -> Answer:
        """Send the form « Connexion »."""
        return self.post(LOGIN, {"site": site, "identifiant": identifier, "mot_de_passe": password})

    def ask_for_password(self, identifier: str, email: str) -> Answer:
        """Send the form « Mot de passe perdu »."""
        return self.post(LOST_PASSWORD, {"identifiant": identifier, "email": email})

    def send(self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        """Send any request over TLS."""
        emulator = self._stack.emulator
        return self._exchange(
            HTTPSConnection(HOST, emulator.edge_port, timeout=120, context=emulator.trust()),
            method,
            path,
            body,
            headers,
        )

    def send_in_clear(self, path: str) -> Answer:
        """Open a page without TLS."""
        return self._exchange(HTTPConnection(HOST, self._stack.emulator.port, timeout=120), "GET", path)

    def _exchange(
        self, line: HTTPConnection, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        all_headers = {"Host": self.host, **({"Cookie": cookies} if cookies else {}), **(headers or {})}
        try:
            line.request(method, path, body.encode() or None, all_headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            line.close()
        self._keep(answer.headers.get_all("Set-Cookie", []))
        return Answer(answer.status, answer.headers, plain(text))

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies.pop(name, None)
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
