"""The pages of a family's addresses, through a browser."""

import html

from tests.support.email_change import NEW
from tests.support.world import PASSWORD, Visitor

FAMILY = "/extranet/compte/famille"
PAGE = f"{FAMILY}/e-mail"
CODE = f"{PAGE}/code"


def seen(visitor: Visitor, path: str = PAGE) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def mark(page: str) -> str:
    return page.split('name="vu" value="')[1].split('"', maxsplit=1)[0]


def form(visitor: Visitor, **fields: str) -> dict[str, str]:
    whole = {"action": "remplacer-1", "email": NEW, "actuel": PASSWORD, "par": "1", "vu": mark(seen(visitor))}
    return whole | fields
