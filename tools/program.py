"""A program that knows `/_local/bureau.json` and HTML forms, but nothing of the product."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyLost

_PERIOD = 30  # seconds of validity of an RFC 6238 code


@dataclass
class Form:
    """A form of a page: its address, its fields as a browser would send them, and its choices."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of checkboxes and radio buttons


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or a field."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get")))
        if not self.forms or "name" not in values:
            return
        form, name = self.forms[-1], values["name"]
        if tag == "input" and values.get("type") in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(values.get("value", "on"))
        elif tag in {"input", "textarea"}:
            form.fields[name] = values.get("value", "")


def totp(key: str) -> str:
    """Compute a code as any library does."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // _PERIOD), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Program:
    """Follows redirects, and finds forms by their address."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.page = ""

    def json(self, path: str) -> Any:  # noqa: ANN401 - JSON is anything
        """Read a JSON answer."""
        return json.loads(self.browser.send("", path).text)

    def open(self, path: str, form: dict[str, str] | None = None, status: int = 200) -> str:
        """Open a page or send a form, and follow redirects. Raises `JourneyLost` if the last status is another."""
        answer = self.browser.send(path, path, form)
        while answer.status == 303:  # noqa: PLR2004 - HTTP's own number
            answer = self.browser.send(answer.location, answer.location)
        if answer.status != status:
            raise JourneyLost(f"{path}: {answer.status} {answer.text[:2000]}")
        self.page = answer.text
        return answer.text

    def enter(self, door: str, role: str) -> dict[str, Any]:
        """Log in as the first member of staff with a role."""
        staff = self.json("/_local/bureau.json")
        member: dict[str, Any] = next(member for member in staff if member["role"] == role)
        self.open(door)
        self.submit("/connexion$", courriel=member["courriel"], mot_de_passe=member["mot_de_passe"])
        self.submit("/code$", code=totp(member["totp"]))
        return member

    def form(self, action: str) -> Form:
        """Find the form of the page with a matching address."""
        return next(form for form in Forms(self.page).forms if re.search(action, form.action))

    def submit(self, action: str, **fields: str) -> str:
        """Fill in a form of the page and send it."""
        form = self.form(action)
        return self.open(form.action, form.fields | fields)

    def link(self, words: str) -> str:
        """Find the address of the page's link with such words. Raises `JourneyLost`."""
        match = re.search(rf'<a\b[^>]*? href="([^"]+)"[^>]*>[^<]*{words}', self.page)
        if match is None:
            raise JourneyLost(f"no link « {words} »")
        return unescape(match[1]).partition("#")[0]
