"""All applicants' forms: each field is declared with its maximum length, and a longer value is refused in French."""

import html
import re
from collections.abc import Iterator
from typing import Final

import pytest

from app import app
from chalicelib.domain import fields
from chalicelib.wings.admission.domain.applications import submit
from tests.support.admission import MERLE, START, applicant, application_of, ask, stores
from tests.support.applications import ALBA, WHOLE
from tests.support.forms import Form, forms_of, takes_a_form
from tests.support.world import Visitor, World

PATHS: Final = sorted(path for path in app.routes if f"{path}/".startswith(f"{START}/"))
STATES: Final = ("asking", "begun", "sent")  # the visitor's states: waiting for the code, answering, sent
NUMBER: Final = "P26-K4TN-8WCB"


def come(world: World, visitor: Visitor, state: str) -> None:
    """Put a visitor in one of the states."""
    if state == "asking":
        ask(world, visitor)
        return
    application = applicant(world, visitor, draft=WHOLE)
    if state == "sent":
        stores(world).applications.change(application, submit(application, NUMBER, world.now))


def pages(visitor: Visitor) -> Iterator[str]:
    """Yield every page that this visitor can open."""
    for path in PATHS:
        for key in (ALBA.key, "nouveau"):
            answer = visitor.get(re.sub(r"\{\w+\}", key, path))
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                yield answer.text
            if "{" not in path:
                break


def everything(world: World, visitor: Visitor) -> Iterator[Form]:
    for state in STATES:
        come(world, visitor, state)
        yield from {form.path: form for page in pages(visitor) for form in forms_of(page)}.values()


@pytest.fixture(autouse=True)
def opened(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)


def test_every_path_that_takes_a_form_has_it_on_a_page(world: World, visitor: Visitor) -> None:
    taking = {path for path in PATHS if takes_a_form(path)}

    sent_to = {re.sub(f"{ALBA.key}|nouveau", "{eleve}", form.path) for form in everything(world, visitor)}

    assert sent_to - taking == set()
    assert {START, f"{START}/code", f"{START}/suivi"} <= sent_to


def test_every_field_is_declared_and_none_is_cut_by_the_browser(world: World, visitor: Visitor) -> None:
    names = {name for form in everything(world, visitor) for name in form.kinds}

    assert {name for name in names if not fields.is_declared(name)} == set()
    assert [page for page in pages(visitor) if "maxlength" in page] == []


def test_what_is_longer_is_refused_in_french_and_nothing_is_saved(world: World, visitor: Visitor) -> None:
    offenders = []
    for state in STATES:
        come(world, visitor, state)
        before = application_of(world)
        for form in {form.path: form for page in pages(visitor) for form in forms_of(page)}.values():
            for name in set(form.text_fields) - {"site_web"}:  # the bots' field
                longest = fields.longest(name)
                answer = visitor.post(form.path, form.fields | {name: "é" * (longest + 1)})
                error = html.unescape(answer.text).partition(f'id="{name}-erreur"')[2].partition("</div>")[0]
                if answer.status_code != 422 or f"il faut au plus {longest} caractères" not in error:
                    offenders.append((form.path, name, answer.status_code))
        assert application_of(world) == before

    assert offenders == []


def test_a_line_sent_in_pieces_is_one_line(world: World, visitor: Visitor) -> None:
    ask(world, visitor, f"{MERLE}\r\n")

    assert "Un mail part à l'adresse <strong>merle@example.org</strong>." in visitor.get(f"{START}/code").text
