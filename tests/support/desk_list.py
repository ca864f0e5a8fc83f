"""The list of re-enrolments as a browser has it: its forms' hidden fields, and the ticks of its pupils."""

import re
from html import unescape

from tests.support.world import Visitor

LIST = "/extranet/bureau/reinscriptions"
_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
_TICK = re.compile(r'name="(eleve-\d+)" type="checkbox" value="([^"]*)" aria-label="Cocher ([^"]*)"')


def form_to(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of the form of a page that goes somewhere."""
    form = page.partition(f'action="{LIST}/{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}


def ticks(page: str) -> dict[str, tuple[str, str]]:
    """Read the boxes of a list: by the pupil's name, the field and what it carries."""
    return {name: (field, unescape(value)) for field, value, name in _TICK.findall(page)}


def tick(visitor: Visitor, *names: str, address: str = LIST) -> dict[str, str]:
    """Fill in the form of a list, some of its pupils ticked by their names."""
    page = visitor.get(address).text
    boxes = ticks(page)
    return form_to(page, "decisions") | dict(boxes[name] for name in names)
