"""Fixtures: Debian's Chromium through Playwright, for whichever service is `running`."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.service import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium(running: Running) -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - saves other tests a quarter of a second

    # The shell is the same browser without windows: a page takes a third of the time.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no chromium on this machine: .ci/run installs it")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *running.flags])
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    is_enabled: bool = request.param
    return is_enabled


def _context(chromium: "Browser", running: Running, **options: Any) -> "BrowserContext":
    context = chromium.new_context(base_url=running.url, locale="fr-FR", **options)
    context.set_default_timeout(10_000)
    return context


def add_authenticator(devtools: "CDPSession") -> str:
    """Give a page an authenticator of its device, which recognises its owner. Returns its name."""
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    verifying = {"hasUserVerification": True, "isUserVerified": True}
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | verifying})
    return str(device["authenticatorId"])


@pytest.fixture
def page(chromium: "Browser", running: Running, javascript: bool) -> "Iterator[Page]":
    """Open a new browser, with JavaScript or without. An error on its console fails the test."""
    context = _context(chromium, running, java_script_enabled=javascript)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    yield tab
    context.close()
    assert complaints == []


@pytest.fixture
def small(chromium: "Browser", running: Running) -> "Iterator[Page]":
    """Open a browser as on an old telephone: 320 pixels wide."""
    context = _context(chromium, running, viewport={"width": 320, "height": 568})
    yield context.new_page()
    context.close()


@pytest.fixture
def telephone(chromium: "Browser", running: Running) -> "Iterator[Page]":
    """Open a browser as on an old telephone, 360 pixels wide, without JavaScript."""
    context = _context(chromium, running, viewport={"width": 360, "height": 640}, java_script_enabled=False)
    yield context.new_page()
    context.close()
