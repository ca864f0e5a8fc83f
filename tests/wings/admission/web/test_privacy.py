"""An applicant reads and writes their own application only: every path, with another's session, and with none."""

import html
from dataclasses import replace
from io import BytesIO
from typing import Final

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from app import app
from chalicelib.wings.admission.domain.applications import Application, submit
from tests.support.admission import COOKIE, MERLE, START, announce, applicant, application_of, stores
from tests.support.applications import ALBA, NEW_EMAIL, NILS, WHOLE
from tests.support.french import plain
from tests.support.world import Visitor, World

NUMBER: Final = "P26-K4TN-8WCB"
# Traces of the victim's application that a page, an address or the record could show.
TRACES: Final = (
    *("Geai", NEW_EMAIL, "Inès", "Alba", "Nils", "06 99 00 20 01", "Tilleuls", "14 mars 2018", "2018-03-14"),
    *(ALBA.key, NILS.key, NUMBER),
)
PATHS: Final = sorted(
    path for path in app.routes if f"{path}/".startswith(f"{START}/") and not path.endswith("quitter")
)
FORM: Final = {"eleve": ALBA.key, "numero": NUMBER, "code": "123456", "email": MERLE, "vu": "", "choix": "oui"}


def addresses(path: str) -> list[str]:
    """List a path with the victim's own parts, and with parts made up from them."""
    if "{" not in path:
        return [path]
    prefix, _, rest = path.partition("{")
    name, _, below = rest.partition("}")
    key = ALBA.key if name == "eleve" else NUMBER
    made_up = (key, key.upper(), f"{key}-2", key[:-1], f"..{key}", f"{key}%00", NILS.key, "nouveau")
    return [prefix + part + below for part in made_up]


ADDRESSES: Final = [address for path in PATHS for address in addresses(path)]


@pytest.fixture
def victim(world: World, visitor: Visitor) -> Application:
    """Store a sent application, and log every visitor out."""
    announce(world)
    application = applicant(world, visitor, NEW_EMAIL, draft=WHOLE)
    stores(world).applications.add_number(NUMBER, application.ref)
    sent_application = replace(submit(application, NUMBER, world.now), draft=WHOLE)
    stores(world).applications.change(application, sent_application)
    visitor.show(None, COOKIE)
    return application_of(world, NEW_EMAIL)


def words_of(answer: TestResponse) -> str:
    """Read the text of an answer, page or PDF."""
    if answer.headers.get("Content-Type") != "application/pdf":
        return answer.text
    return plain(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages))


def found(text: str, *but: str) -> list[str]:
    content = html.unescape(text)
    return [trace for trace in TRACES if trace in content and trace not in but]


def test_no_path_shows_or_changes_another_s_application(world: World, visitor: Visitor, victim: Application) -> None:
    for address in ADDRESSES:
        applicant(world, visitor, MERLE)
        for answer in (visitor.get(address), visitor.post(address, FORM), visitor.post(address, {})):
            assert answer.status_code in {200, 303, 404, 405, 410, 422}, address
            assert found(words_of(answer) + str(answer.headers), NUMBER) == [], address

    assert application_of(world, NEW_EMAIL) == victim


def test_the_record_of_a_visit_tells_no_applicant(world: World, visitor: Visitor, victim: Application) -> None:
    for address in ADDRESSES:
        applicant(world, visitor, NEW_EMAIL)
        visitor.get(address)
        visitor.post(address, FORM | {"vu": "x"})
    world.deliver()

    assert victim.sent
    assert found(world.log.getvalue().encode().decode("unicode_escape")) == []
