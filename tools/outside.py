"""For external programs: a browser without JavaScript, the mailboxes, and the running service."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from tools.journey import JourneyAnswer, JourneyLost

_PATIENCE: Final = 60  # seconds to wait for an answer or a mail
_PAUSE: Final = 0.2
_BLANKS: Final = {0xA0: " ", 0x202F: " "}  # typographic spaces, as a keyboard types them
Timed = Callable[[str, float], None]


class Browser:
    """Keeps cookies, follows no redirect by itself, has its own address, and times each request."""

    def __init__(self, url: str, address: str = "127.0.0.1", timed: Timed = lambda _name, _seconds: None) -> None:
        self._url = urlsplit(url)
        self._address = address
        self._timed = timed
        self._cookies: dict[str, str] = {}

    def send(self, name: str, path: str, form: Mapping[str, str] | None = None) -> JourneyAnswer:
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
        return JourneyAnswer(answer.status, location.path + (f"?{location.query}" if location.query else ""), text)

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self._cookies[name] = value
            else:
                self._cookies.pop(name, None)


class LetterBox:
    """All mailboxes, read continuously by a thread."""

    def __init__(self, url: str) -> None:
        self._browser = Browser(url)
        self._arrived = threading.Condition()
        self._mails: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._count = 0
        self._stopped = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def find(self, to: str, pattern: str, number: int = 1) -> str:
        """Wait for the nth matching mail, and return its group. Raises `JourneyLost`."""

        def groups() -> list[str]:
            texts = (mail["text"].translate(_BLANKS) for mail in self._mails[to])
            return [match[1] for text in texts if (match := re.search(pattern, text, re.MULTILINE))]

        with self._arrived:
            if not self._arrived.wait_for(lambda: len(groups()) >= number, _PATIENCE):
                raise JourneyLost(f"no mail {number} with {pattern}")
            return groups()[number - 1]

    def code(self, to: str, number: int = 1) -> str:
        """Wait for the nth code mailed to an address. Raises `JourneyLost`."""
        return self.find(to, r"^Code : (\d{3} \d{3})$", number)

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """List all mails so far, by address, oldest first."""
        with self._arrived:
            return {to: list(mails) for to, mails in self._mails.items()}

    def stop(self) -> None:
        """Stop reading."""
        self._stopped.set()

    def _read(self) -> None:
        while not self._stopped.wait(_PAUSE):
            try:
                self._take()
            except OSError:  # the service has ended, or not started yet
                continue

    def _take(self) -> None:
        come = json.loads(self._browser.send("", f"/_local/courrier.json?sauf={self._count}").text)
        with self._arrived:
            for mail in come:
                self._mails[mail["to"]].append(mail)
            self._count += len(come)
            self._arrived.notify_all()


@contextmanager
def running(start: str = "bare") -> Iterator[str]:
    """Run the service as `make run` does, on a free port, during the block. Yields its address.

    « bare »: with the documented people only, and no period of re-enrolment.
    """
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1", "START": start}
    command = [sys.executable, "-m", "tools.local"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        lines = process.stdout or ()
        url = next(line.split()[1].removesuffix("/extranet") for line in lines if line.startswith("Extranet"))
        reader = threading.Thread(target=lambda: deque(lines, maxlen=0), daemon=True)  # reads and discards its log
        reader.start()
        try:
            yield url
        finally:
            process.terminate()
            reader.join()  # until the program ends: it would fail on a closed pipe
