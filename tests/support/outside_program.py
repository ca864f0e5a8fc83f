"""A program that knows `/_local/bureau.json` and the forms of pages, and nothing of the product."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tools.outside import Browser


@dataclass
class Form:
    """A form as a page has it: where it goes, and what it carries."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of boxes and radio buttons


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._selected: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        if not self.forms or "name" not in told:
            return
        form, name = self.forms[-1], told["name"]
        if tag == "input" and told.get("type") in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(told.get("value", "on"))
        elif tag in {"input", "textarea"}:
            form.fields[name] = told.get("value", "")


def totp(key: str) -> str:
    """Compute a code, as any library does."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Program:
    """Follows redirects, and fills in forms by where they lead."""

    def __init__(self, url: str) -> None:
        self._browser = Browser(url)
        self.page = ""

    def json(self, path: str) -> Any:
        """Read what is written for programs."""
        return json.loads(self._browser.send("", path).text)

    def open(self, path: str, form: dict[str, str] | None = None, status: int = 200) -> str:
        """Open a page, or send a form, and end where it leads."""
        answer = self._browser.send("", path, form)
        while answer.status == 303:
            answer = self._browser.send("", answer.location)
        assert answer.status == status, (path, answer.status, answer.text[:2000])
        self.page = answer.text
        return answer.text

    def enter(self, door: str, role: str) -> dict[str, Any]:
        """Go through a door as the first member of a role."""
        member: dict[str, Any] = next(one for one in self.json("/_local/bureau.json") if one["role"] == role)
        self.open(door)
        self.submit("/connexion$", courriel=member["courriel"], mot_de_passe=member["mot_de_passe"])
        self.submit("/code$", code=totp(member["totp"]))
        return member

    def form(self, action: str) -> Form:
        """Find the form of the page that leads to such an address."""
        return next(form for form in Forms(self.page).forms if re.search(action, form.action))

    def submit(self, action: str, **typed: str) -> str:
        """Send a form of the page, with something typed."""
        form = self.form(action)
        return self.open(form.action, form.fields | typed)

    def link(self, words: str) -> str:
        """Find where the page's link of such words leads."""
        found = re.search(rf'<a href="([^"]+)"[^>]*>[^<]*{words}', self.page)
        assert found, words
        return found[1]
