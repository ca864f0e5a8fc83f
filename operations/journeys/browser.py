"""A browser without JavaScript."""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPConnection, HTTPResponse
from typing import Final
from urllib.parse import urlencode, urlsplit
from weakref import finalize

from operations.deploy.stack import StackAddress
from operations.journeys.journey import JourneyAnswer

_SECONDS: Final = 35  # longer than a function's own timeout
_OF_A_PAGE: Final = {"Sec-Fetch-Site": "same-origin"}
Timed = Callable[[str, int, float], None]  # the name of a request, its status, its seconds


def _untimed(_name: str, _status: int, _seconds: float) -> None:
    """Note nothing."""


class Browser:
    """Keeps cookies and its connection, follows no redirect by itself, and times each request."""

    def __init__(
        self, address: StackAddress | str, timer: Timed = _untimed, headers: Mapping[str, str] = _OF_A_PAGE
    ) -> None:
        self._address = StackAddress(address) if isinstance(address, str) else address
        parts = urlsplit(self._address.url)
        self._connection = HTTPConnection(parts.hostname or "", parts.port)
        self.close = finalize(self, self._connection.close)  # also when the browser is no longer used
        self._timer, self._headers = timer, headers
        self.cookies: dict[str, str] = {}

    def send(self, name: str, path: str, form: Mapping[str, str] | None = None) -> JourneyAnswer:
        """Send a request as a browser does. Raises `OSError`."""
        headers = {**self._headers, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        start = time.perf_counter()
        answer = self._request("GET" if form is None else "POST", path, body, headers)
        text = answer.read().decode(errors="replace")
        self._timer(name, answer.status, time.perf_counter() - start)
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        location = urlsplit(answer.headers.get("Location", ""))
        place = location.path + (f"?{location.query}" if location.query else "")
        return JourneyAnswer(answer.status, place, text, answer.headers)

    def _request(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> HTTPResponse:
        """Send a request on the open connection, or on a new one if the server has closed it."""
        for is_new in (self._connection.sock is None, True):
            if self._connection.sock is None:
                self._connection.sock = connect(self._address)
            try:
                self._connection.request(method, path, body, headers)
                return self._connection.getresponse()
            except ConnectionError:
                self._connection.close()
                if is_new:
                    raise
        raise AssertionError("a new connection answers or raises")

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


def connect(address: StackAddress) -> socket.socket:
    """Connect to the chosen machine. Over TLS it must present a certificate for the requested name."""
    parts = urlsplit(address.url)
    name = parts.hostname or ""
    is_tls = parts.scheme == "https"
    plain = socket.create_connection(address.at or (name, parts.port or (443 if is_tls else 80)), timeout=_SECONDS)
    return _tls().wrap_socket(plain, server_hostname=name) if is_tls else plain


_tls = cache(ssl.create_default_context)  # it reads every certificate of this machine
