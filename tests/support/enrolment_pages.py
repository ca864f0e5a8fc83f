"""The pages of a re-enrolment, through a browser."""

import html
import re

from tests.support.french import seen as shown
from tests.support.world import Visitor

PAGE = "/extranet/compte/reinscription"


def seen(visitor: Visitor, path: str = PAGE) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def mark(visitor: Visitor, path: str) -> str:
    """Give the mark that a step's form carries."""
    return seen(visitor, path).partition('name="vu" value="')[2].partition('"')[0]


def said(page: str) -> str:
    """Give the words of a page, those of its blocks apart."""
    return shown(re.sub(r"</?(dt|dd|li|p|h[1-6]|legend|label|button|select)\b[^>]*>", " ", page))
