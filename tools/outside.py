"""What an outside program needs of a running service: a browser without JavaScript, and everybody's mailbox."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from tools.journey import Answer, Lost

_PATIENCE: Final = 60  # seconds, for an answer or a mail
_PAUSE: Final = 0.2
Timed = Callable[[str, float], None]


class Browser:
    """Keeps its cookies, follows no redirect by itself, comes from an address of its own; each request is timed."""

    def __init__(self, url: str, address: str = "127.0.0.1", timed: Timed = lambda _name, _seconds: None) -> None:
        self._url = urlsplit(url)
        self._address = address
        self._timed = timed
        self._cookies: dict[str, str] = {}

    def send(self, name: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """Send a request as a browser does."""
        connection = HTTPConnection(
            self._url.hostname or "", self._url.port, timeout=_PATIENCE, source_address=(self._address, 0)
        )
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        start = time.perf_counter()
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        self._timed(name, time.perf_counter() - start)
        connection.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        location = urlsplit(answer.headers.get("Location", ""))
        return Answer(answer.status, location.path + (f"?{location.query}" if location.query else ""), text)

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self._cookies[name] = value
            else:
                self._cookies.pop(name, None)


class Mailbox:
    """Everybody's mails, read as they come by a thread of its own."""

    def __init__(self, url: str) -> None:
        self._browser = Browser(url)
        self._arrived = threading.Condition()
        self._mails: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._count = 0
        self._stopped = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def newest(self, to: str, since: int = 0) -> dict[str, Any]:
        """Wait for a mail to an address, beside so many that it had. Raises `Lost`."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._mails[to]) > since, _PATIENCE):
                raise Lost(f"no mail {since + 1}")
            return self._mails[to][-1]

    def count(self, to: str) -> int:
        """Count the mails to an address until now."""
        with self._arrived:
            return len(self._mails[to])

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """List all mails until now, by address, oldest first."""
        with self._arrived:
            return {to: list(mails) for to, mails in self._mails.items()}

    def stop(self) -> None:
        """Read no more."""
        self._stopped.set()

    def _read(self) -> None:
        while not self._stopped.wait(_PAUSE):
            try:
                self._take()
            except OSError:  # the service is gone, or not there yet
                continue

    def _take(self) -> None:
        come = json.loads(self._browser.send("", f"/_local/courrier.json?sauf={self._count}").text)
        with self._arrived:
            for mail in come:
                self._mails[mail["to"]].append(mail)
            self._count += len(come)
            self._arrived.notify_all()
