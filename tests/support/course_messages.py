"""A teacher's form for a message to the families of a course, in a test's world."""

import re

from werkzeug.test import TestResponse

from tests.support.teaching import course_address
from tests.support.world import Visitor

WORDS = course_address() + "/mot"
TEXT = "Apportez votre archet.\nÀ mercredi !"


def shown_form(visitor: Visitor) -> str:
    """Open the page, and read the version of its form."""
    (form,) = re.findall(r'name="vu" value="([^"]+)"', visitor.get(WORDS).text)
    return str(form)


def send(visitor: Visitor, form: str, text: str = TEXT, **changes: str) -> TestResponse:
    """Submit the form after its preview."""
    return visitor.post(WORDS, {"vu": form, "mot": text, "accord": "oui"} | changes)
