"""The forms of a page as a browser reads them, and the paths that accept one."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from app import app
from tests.support.world import Visitor


@dataclass(frozen=True)
class Form:
    """A form of a page: its address, its current fields, their types, and whether each `<details>` around is open."""

    path: str
    fields: dict[str, str]
    kinds: dict[str, str]
    is_in_sight: bool = True

    @property
    def text_fields(self) -> list[str]:
        """The names of the text fields."""
        return [name for name, kind in self.kinds.items() if kind in {"text", "tel", "email", "textarea"}]


class _Reader(HTMLParser):
    """Reads the forms of a page as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._area = ""
        self._details: list[bool] = []  # those around, open or not

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name") or ""
        if tag == "form":
            self.forms.append(Form(values.get("action") or "", {}, {}, all(self._details)))
        elif tag == "details":
            self._details.append("open" in values)
        elif tag in {"input", "select", "textarea", "button"} and name and self.forms:
            self._field(tag, name, values)
        elif tag == "option" and self._select and ("selected" in values or self._select not in self.forms[-1].fields):
            self.forms[-1].fields[self._select] = values.get("value") or ""

    def _field(self, tag: str, name: str, attributes: dict[str, str | None]) -> None:
        form, kind = self.forms[-1], attributes.get("type") or tag
        form.kinds[name] = "text" if kind == "input" else kind
        self._select, self._area = ("", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "input" and (kind not in {"radio", "checkbox"} or "checked" in attributes):
            form.fields[name] = attributes.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._details.pop()
        if tag in {"select", "textarea"}:
            self._select, self._area = ("", "")


def closed_choices(kinds: dict[str, str]) -> set[str]:
    """Select the fields whose values come from the page."""
    names = {name for name, kind in kinds.items() if kind in {"radio", "checkbox", "select", "button", "submit"}}
    return names | (kinds.keys() & {"action", "quoi"})


def forms_of(page: str) -> list[Form]:
    """List the forms of a page for our service. Upload forms go to the bucket."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.path.startswith("/")]


def form_of(visitor: Visitor, path: str) -> Form:
    """Return the form of a page that posts to its own path."""
    return next(form for form in forms_of(visitor.get(path).text) if form.path == path)


def takes_a_form(path: str) -> bool:
    """Ask whether a path accepts a post. Each method has a view here, but most views refuse."""
    views: Any = app.routes[path]["POST"].view_function
    return "POST" in views.__closure__[1].cell_contents.views[path]
