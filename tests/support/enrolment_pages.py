"""The pages of a re-enrolment, through a browser."""

import html
import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from tests.support.enrolment import LAST_SECOND
from tests.support.french import plain
from tests.support.french import visible_text as shown
from tests.support.world import Visitor, World

PAGE = "/extranet/compte/reinscription"


def page_html(visitor: Visitor, path: str = PAGE) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def version_of_page(visitor: Visitor, path: str) -> str:
    """Read the version in a step's form."""
    return version_in(page_html(visitor, path))


def words_of_page(page: str) -> str:
    """Extract the text of a page, blocks separated."""
    return shown(re.sub(r"</?(dt|dd|li|p|h[1-6]|legend|label|button|select)\b[^>]*>", " ", page))


def version_in(page: str) -> str:
    """Read the version in a page's form."""
    return page.partition('name="vu" value="')[2].partition('"')[0]


def error_beside(page: str, field: str) -> str:
    """Read the error beside a field. Empty without one."""
    return page.partition(f'id="{field}-erreur"')[2].partition("</div>")[0]


def post(visitor: Visitor, path: str, form: Mapping[str, str]) -> tuple[int, str]:
    """Send the form of a page as it is now, and return the status and the page."""
    answer = visitor.post(path, {"vu": version_of_page(visitor, path)} | dict(form))
    return answer.status_code, html.unescape(answer.text)


def wait_for_the_end(world: World, visitor: Visitor) -> None:
    """Log in at the last second of the period, and let it pass: the page was opened in time."""
    world.wait(LAST_SECOND - world.now)
    visitor.log_in()
    world.wait(timedelta(seconds=1))


def words_of_pdf(content: bytes) -> str:
    """Extract the text of a PDF, with a keyboard's blanks."""
    return plain(" ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()))
