"""The desk's sentences, where the office's own sentence names a command or an option."""

import re
from pathlib import Path

from chalicelib.office.sentences import SENTENCES
from chalicelib.web.office.family import NOT_THERE
from chalicelib.web.office.sentences import WEB

OFFICE = Path(__file__).parents[3] / "chalicelib" / "office"
COMMAND = re.compile(r"\bclef\b| --\w|\(--|« --")
# The refusals of a family page's acts, and of its letter.
REFUSING = (
    "account.py",
    *(f"helpdesk/{name}.py" for name in ("access", "email", "logins", "suppression")),
    "campaign/letters.py",
)
# The refusals of the decisions on an application's page.
DECIDING = tuple(f"admission/{name}.py" for name in ("decide", "accept", "accounts", "show"))
NEVER = {"several_sites"}  # an address of the desk names its site


def codes(*modules: str) -> set[str]:
    """List the refusals that modules raise."""
    sources = ((OFFICE / module).read_text(encoding="utf-8") for module in modules)
    return {code for source in sources for code in re.findall(r'"(\w+)"', source) if code in SENTENCES}


def test_no_sentence_of_the_desk_names_a_command() -> None:
    assert {code for code, words in WEB.items() if COMMAND.search(words)} == set()


def test_each_has_the_facts_of_the_office_s_own() -> None:
    facts = {code: set(re.findall(r"{(\w+)}", words)) for code, words in WEB.items()}

    assert {code for code, used in facts.items() if not used <= set(re.findall(r"{(\w+)}", SENTENCES[code]))} == set()


def test_what_a_family_s_page_refuses_is_said_without_a_command() -> None:
    refusals = {code for code in codes(*REFUSING) - NOT_THERE if COMMAND.search(SENTENCES[code])}

    assert refusals - NEVER <= WEB.keys()


def test_what_a_request_s_page_refuses_is_said_without_a_command() -> None:
    refusals = {code for code in codes(*DECIDING) if COMMAND.search(SENTENCES[code])}

    assert refusals <= WEB.keys()
