"""A program that knows `/_local/bureau.json` and HTML forms, but nothing of the product, calls a roll."""

import re
from collections.abc import Iterator

import pytest

from operations.journeys.browser import Browser
from tests.support.due_roll import open_roll
from tools.outside import running
from tools.program import Form, Program

MARK = "marque-"


@pytest.fixture
def program() -> Iterator[Program]:
    with running() as url:
        yield Program(Browser(url))


def marked(form: Form, mark: str) -> dict[str, str]:
    """Fill in a roll: the first pupil with this mark, the others with the page's first choice."""
    first, *rest = (name for name in form.choices if name.startswith(MARK))
    return form.fields | {first: mark} | {name: form.choices[name][0] for name in rest}


def test_it_calls_a_roll_sends_it_twice_corrects_it_and_is_told_of_another(program: Program) -> None:
    program.enter("/extranet/enseignant", "teacher")
    open_roll(program)
    form = program.form("/appel/")
    assert "absent" in next(iter(form.choices.values()))

    program.open(form.action, marked(form, "absent"))
    assert "Un mail part vers" in program.page
    before = program.page
    program.open(form.action, marked(form, "absent"))  # its answer was lost, and it is sent again
    assert program.form("/appel/").fields["vu"] != form.fields["vu"]
    assert re.search(r"Appel enregistré le .*? par [^<.]*", program.page)
    assert "premier appel" not in program.page
    assert before.count("checked") == program.page.count("checked")

    program.open(form.action, marked(form, "excuse"), status=422)  # another telephone, with an older page
    assert "Vos choix" in program.page
    program.open(form.action, marked(program.form("/appel/"), "retard"))  # it has seen both, and decides
    assert "Un mail part vers" not in program.page
    assert program.json("/_local/courrier.json") == []
