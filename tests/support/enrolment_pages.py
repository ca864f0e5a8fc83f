"""The pages of a re-enrolment, through a browser."""

import html
import re

from tests.support.french import visible_text as shown
from tests.support.world import Visitor

PAGE = "/extranet/compte/reinscription"


def page_html(visitor: Visitor, path: str = PAGE) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def version_of_page(visitor: Visitor, path: str) -> str:
    """Read the version in a step's form."""
    return page_html(visitor, path).partition('name="vu" value="')[2].partition('"')[0]


def words_of_page(page: str) -> str:
    """Extract the text of a page, blocks separated."""
    return shown(re.sub(r"</?(dt|dd|li|p|h[1-6]|legend|label|button|select)\b[^>]*>", " ", page))
