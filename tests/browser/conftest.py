"""Fixtures: the service as `make run` starts it, and Debian's Chromium through Playwright."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Running:
    """A running service, as an outside program sees it."""

    url: str

    def json(self, name: str) -> list[dict[str, Any]]:
        """Read one of the lists under `/_local/`."""
        with urllib.request.urlopen(f"{self.url}/_local/{name}.json", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def family(self, identifier: str) -> dict[str, Any]:
        """Find a fictitious family."""
        found: dict[str, Any] = next(each for each in self.json("familles") if each["identifiant"] == identifier)
        return found

    def mail_to(self, address: str, subject: str) -> dict[str, Any]:
        """Wait for a mail, ten seconds at most."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for mail in reversed(self.json("courrier")):
                if mail["to"] == address and subject in mail["subject"]:
                    return dict(mail)
            time.sleep(0.1)
        raise AssertionError(f"no mail « {subject} » to {address}")


@contextmanager
def served() -> Iterator[Running]:
    """Run the service as `make run` does, on a free port."""
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tools.run_local"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        found = re.search(r"http://\S+(?=/extranet)", process.stdout.readline())
        assert found, "the service did not start"
        for line in process.stdout:
            if line.startswith("Ctrl-C"):
                break
        yield Running(found.group())
        process.send_signal(signal.SIGINT)
        assert "Clef s'est arrêté." in process.stdout.read()


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with served() as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no chromium on this machine: .ci/run installs it")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    enabled: bool = request.param
    return enabled


def _context(chromium: Browser, running: Running, **options: Any) -> BrowserContext:
    context = chromium.new_context(base_url=running.url, locale="fr-FR", **options)
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def page(chromium: Browser, running: Running, javascript: bool) -> Iterator[Page]:
    """Open a new browser, with JavaScript or without; an error on its console fails the test."""
    context = _context(chromium, running, java_script_enabled=javascript)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None
    )
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def small(chromium: Browser, running: Running) -> Iterator[Page]:
    """Open a browser as on an old telephone: 320 pixels wide."""
    context = _context(chromium, running, viewport={"width": 320, "height": 568})
    yield context.new_page()
    context.close()
