"""For external programs: the mailboxes, and the running service."""

import json
import os
import re
import subprocess
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyLost

_PATIENCE: Final = 60  # seconds to wait for an answer or a mail
_PAUSE: Final = 0.2
_BLANKS: Final = {0xA0: " ", 0x202F: " "}  # typographic spaces, as a keyboard types them


class LetterBox:
    """All mailboxes, read continuously by a thread."""

    def __init__(self, url: str) -> None:
        self._browser = Browser(url)
        self._arrival = threading.Condition()
        self._mails: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._count = 0
        self._stop = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def find(self, to: str, pattern: str, number: int = 1) -> str:
        """Wait for the nth mail that matches a pattern, and return the pattern's group. Raises `JourneyLost`."""

        def groups() -> list[str]:
            texts = (mail["text"].translate(_BLANKS) for mail in self._mails[to])
            return [match[1] for text in texts if (match := re.search(pattern, text, re.MULTILINE))]

        with self._arrival:
            if not self._arrival.wait_for(lambda: len(groups()) >= number, _PATIENCE):
                raise JourneyLost(f"no mail {number} with {pattern}")
            return groups()[number - 1]

    def code(self, to: str, number: int = 1) -> str:
        """Wait for the nth code mailed to an address. Raises `JourneyLost`."""
        return self.find(to, r"^Code : (\d{3} \d{3})$", number)

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """List all mails so far, by address, oldest first."""
        with self._arrival:
            return {to: list(mails) for to, mails in self._mails.items()}

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()

    def _read(self) -> None:
        while not self._stop.wait(_PAUSE):
            try:
                self._take()
            except OSError:  # the service has ended, or not started yet
                continue

    def _take(self) -> None:
        mails = json.loads(self._browser.send("", f"/_local/courrier.json?sauf={self._count}").text)
        with self._arrival:
            for mail in mails:
                self._mails[mail["to"]].append(mail)
            self._count += len(mails)
            self._arrival.notify_all()


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
