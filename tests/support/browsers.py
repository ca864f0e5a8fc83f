"""Chromium, Firefox and WebKit for the same walk, with JavaScript or without, each by Debian's own protocol."""

import json
import os
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socket import create_connection, socket
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import websocket
from playwright.sync_api import Error, sync_playwright

from tests.support.chromium import FLAGS

WIDTHS: Final = (360, 1280)
_HEIGHT: Final = 800
_PATIENCE: Final = 20.0  # seconds until a page is there
_ACTS: Final = Path(__file__).with_suffix(".js").read_text("utf-8")


class BrowserError(AssertionError):
    """A script failed in a page, or the page was left."""


class Browser(ABC):
    """A browser with one tab, as a walk needs it. Elements are found by their French, fields by their names."""

    def __init__(self, url: str, stack: ExitStack, *, javascript: bool) -> None:
        self.url = url
        self.start(stack, javascript=javascript)

    @abstractmethod
    def start(self, stack: ExitStack, *, javascript: bool) -> None:
        """Start the browser until the stack closes. Without JavaScript, pages run no script."""

    @abstractmethod
    def run(self, script: str) -> Any:
        """Run a function's body in the page, even if pages run no script. Returns its result, which is JSON."""

    @abstractmethod
    def go(self, url: str) -> None:
        """Open a page."""

    @abstractmethod
    def resize(self, width: int) -> None:
        """Give the page a width in pixels."""

    def open(self, path: str) -> None:
        """Open a page of the service."""
        self.go(self.url + path)
        self._arrive(path)

    def follow(self, link: str) -> None:
        """Click a link."""
        self._leave("follow", link)

    def press(self, button: str) -> None:
        """Submit a form by its button."""
        self._leave("press", button)

    def send(self) -> None:
        """Submit the last form of the page."""
        self._leave("send")

    def unfold(self, summary: str) -> None:
        """Open a `<details>`."""
        self._act("unfold", summary)

    def fill(self, **fields: str) -> None:
        """Fill in fields. A box or radio button is chosen by its value."""
        self._act("fill", fields)

    def answer(self, **values: str) -> None:
        """Answer each question of the last form that has no answer yet."""
        self._act("answer", values)

    @property
    def text(self) -> str:
        """The page as people see it."""
        return str(self._act("text"))

    @property
    def path(self) -> str:
        """The path of the page."""
        return str(self._act("path"))

    def look(self) -> None:
        """Check the page at each width."""
        for width in WIDTHS:
            self.resize(width)
            assert self._act("faults") == [], self.path

    def _act(self, name: str, *arguments: object) -> Any:
        return self.run(f"{_ACTS} return acts.{name}({', '.join(json.dumps(argument) for argument in arguments)})")

    def _leave(self, name: str, *arguments: object) -> None:
        self._act(name, *arguments)
        self._arrive(f"{name} {arguments}")

    def _arrive(self, after: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with suppress(BrowserError):  # between two pages
                if self._act("isThere"):
                    return
            time.sleep(0.02)
        raise BrowserError(f"no page after {after}")


class Chromium(Browser):
    """Debian's Chromium, by Playwright."""

    def start(self, stack: ExitStack, *, javascript: bool) -> None:
        playwright = stack.enter_context(sync_playwright())
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        stack.callback(chromium.close)
        self._page = chromium.new_page(java_script_enabled=javascript)

    def run(self, script: str) -> Any:
        try:
            return self._page.evaluate(f"() => {{ {script} }}")
        except Error as error:
            raise BrowserError(str(error)) from None

    def go(self, url: str) -> None:
        self._page.goto(url)

    def resize(self, width: int) -> None:
        self._page.set_viewport_size({"width": width, "height": _HEIGHT})


class Firefox(Browser):
    """Debian's Firefox, by WebDriver BiDi: it needs no driver."""

    def start(self, stack: ExitStack, *, javascript: bool) -> None:
        profile = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        if not javascript:
            Path(profile, "user.js").write_text('user_pref("javascript.enabled", false);\n')
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = stack.enter_context(_process(command, stderr=subprocess.PIPE, text=True))
        line = next(line for line in process.stderr or () if "listening on" in line)
        self._socket = websocket.create_connection(
            f"{line.split()[-1]}/session", suppress_origin=True, timeout=_PATIENCE
        )
        stack.callback(self._socket.close)
        self._count = 0
        self._send("session.new", capabilities={})
        self._tab = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def _send(self, method: str, **parameters: Any) -> Any:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != self._count:
            pass
        if answer["type"] == "error":
            raise BrowserError(answer["message"])
        return answer["result"]

    def run(self, script: str) -> Any:
        expression = f"JSON.stringify((() => {{ {script} }})() ?? null)"
        answer = self._send("script.evaluate", expression=expression, target={"context": self._tab}, awaitPromise=False)
        if answer["type"] == "exception":
            raise BrowserError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def go(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def resize(self, width: int) -> None:
        self._send("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": _HEIGHT})


class WebKit(Browser):
    """Debian's WebKitGTK, by WebDriver, on a screen in memory. It crashes on a form with a file to choose."""

    def start(self, stack: ExitStack, *, javascript: bool) -> None:
        screen = _screen(stack)
        port = _free_port()
        environment = {**os.environ, "DISPLAY": screen, "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
        command = ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"]
        stack.enter_context(_process(command, env=environment))
        _wait_for(port)
        self._session = f"http://127.0.0.1:{port}/session"
        arguments = ["-I", str(Path(__file__).with_name("webkit.py")), *([] if javascript else ["--no-javascript"])]
        options = {"webkitgtk:browserOptions": {"binary": "/usr/bin/python3", "args": arguments}}
        session = self._send("", {"capabilities": {"alwaysMatch": options}})
        self._session += f"/{session['sessionId']}"

    def _send(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        request = Request(self._session + path, json.dumps(body).encode(), headers)
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise BrowserError(json.load(error)["value"]["message"]) from None

    def run(self, script: str) -> Any:
        return self._send("/execute/sync", {"script": script, "args": []})

    def go(self, url: str) -> None:
        self._send("/url", {"url": url})

    def resize(self, width: int) -> None:
        self._send("/window/rect", {"width": width, "height": _HEIGHT})


@contextmanager
def _process(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program until the end of the walk, with all that it starts."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **quiet | options) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)


def _screen(stack: ExitStack) -> str:
    """Start a screen in memory, and return its name once it is there."""
    output, write = os.pipe()
    size = ["-screen", "0", "1400x1000x24"]
    stack.enter_context(_process(["Xvfb", "-displayfd", str(write), *size, "-nolisten", "tcp"], pass_fds=[write]))
    os.close(write)
    with os.fdopen(output, encoding="ascii") as number:
        return f":{number.readline().strip()}"


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError):
            create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.02)
    raise BrowserError(f"nothing listens on {port}")
