"""The list of re-enrolments in a browser: its forms' hidden fields, and the checkboxes of its pupils."""

import re
from html import unescape

from tests.support.world import Visitor

LIST = "/extranet/bureau/reinscriptions"
_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
_TICK = re.compile(r'name="(eleve-\d+)" type="checkbox" value="([^"]*)" aria-label="Cocher ([^"]*)"')


def form_to(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of the page's form with an action."""
    form = page.rpartition(f'action="{LIST}/{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}


def ticks(page: str) -> dict[str, tuple[str, str]]:
    """Read the checkboxes of a list: field and value, by the pupil's name."""
    return {name: (field, unescape(value)) for field, value, name in _TICK.findall(page)}


def tick(visitor: Visitor, *names: str, address: str = LIST) -> dict[str, str]:
    """Fill in the form of a list, with some pupils ticked by name."""
    page = visitor.get(address).text
    boxes = ticks(page)
    return form_to(page, "decisions") | dict(boxes[name] for name in names)
