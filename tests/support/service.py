"""The service as `make run` starts it, seen by an external program."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.support.french import plain

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Running:
    """A running service, seen by an external program."""

    url: str
    is_deployed = False

    @property
    def public_url(self) -> str:
        """The address that the service has for itself, to which `clef` writes."""
        return self.url.replace("//localhost:", "//127.0.0.1:")

    @property
    def flags(self) -> list[str]:
        """Chromium's flags for the service."""
        return []

    def json(self, name: str) -> list[dict[str, Any]]:
        """Read one of the lists under `/_local/`."""
        with urllib.request.urlopen(f"{self.url}/_local/{name}.json", timeout=10) as answer:
            entries: list[dict[str, Any]] = json.load(answer)
        return entries

    def family(self, identifier: str) -> dict[str, Any]:
        """Find a fictitious family, the first of several with one identifier."""
        entry: dict[str, Any] = next(family for family in self.json("familles") if family["identifiant"] == identifier)
        return entry

    def hasten(self) -> None:
        """Have delayed mails leave at once: the clock of `make run` goes an hour ahead, and back. A stack has none."""
        if not self.is_deployed:
            for form in (b"heures=1", b""):
                urllib.request.urlopen(f"{self.url}/_local/horloge", form, timeout=10).close()

    def mail_to(self, address: str, subject: str) -> dict[str, Any]:
        """Wait for a mail, fifty seconds at most: a decision's leaves after 35. Without an address, to any."""
        deadline = time.monotonic() + 50
        while time.monotonic() < deadline:
            for mail in reversed(self.json("courrier")):
                if address in {"", mail["to"]} and subject in plain(mail["subject"]):
                    return {name: plain(part) if isinstance(part, str) else part for name, part in mail.items()}
            time.sleep(0.1)
        raise AssertionError(f"no mail « {subject} » to {address}")


@contextmanager
def run_service() -> Iterator[Running]:
    """Run the service as `make run` does, on a free port, without the three hundred families."""
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1", "START": "bare"}
    command = [sys.executable, "-m", "tools.local"]
    with (
        TemporaryFile("w+") as complaints,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as process,
    ):
        assert process.stdout
        match = re.search(r"http://\S+(?=/extranet)", process.stdout.readline())
        assert match, "the service did not start"
        for line in process.stdout:
            if line.startswith("Ctrl-C"):
                break
        yield Running(match.group())
        process.send_signal(signal.SIGINT)
        output, code = process.stdout.read(), process.wait()
        complaints.seek(0)
        errors = complaints.read()
        assert (code, errors, output.endswith("Clef s'est arrêté.\n")) == (0, "", True), (code, errors, output)
