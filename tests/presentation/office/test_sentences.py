"""The sentences of the office's refusals: one for each code, with its facts, and none that names a command."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from agency.console.sentences import SENTENCES as TERMINAL
from chalicelib.presentation.office.refusals import fill
from chalicelib.presentation.office.sentences import SENTENCES
from tests.support.french import gaps_of, slips
from tests.support.template_files import template_files

ROOT = Path(__file__).parents[3]
REFUSALS = {"OfficeRefusal", "ConfirmationNeeded"}
# A word of use only at a terminal, or in the project's folder.
MACHINE = re.compile(r"\bclef\b|(?<![\w-])--\w|commandes? |\bmake \w|\w\.(toml|md)\b|\bSES\b|fixture")
WHOLE = r"([A-ZÀÉ«x]|--\w).*([.!?]|@example\.org|xyz)$"


@cache
def trees(folder: str) -> dict[Path, ast.Module]:
    files = {path: path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")}
    return {
        path: ast.parse(text)
        for path, text in files.items()
        if re.search("Refus|Needed", text) and path.name != "sentences.py"
    }


def texts_of(node: ast.AST) -> set[str]:
    """List the literal texts that an expression may be, or have as a value."""
    match node:
        case ast.Constant(str(text)):
            return {text}
        case ast.Dict(_, values):
            return set().union(*map(texts_of, values))
        case ast.IfExp(_, body, orelse):
            return texts_of(body) | texts_of(orelse)
    return set()


def refusals(folder: str) -> Iterator[tuple[set[str], set[str] | None]]:
    """List the codes that each refusal may have, and its facts. None where they are not written there."""
    for tree in trees(folder).values():
        names: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                    names.setdefault(ast.unparse(target), set()).update(texts_of(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                code = node.args[0].value if isinstance(node.args[0], ast.Subscript) else node.args[0]
                facts = {str(keyword.arg) for keyword in node.keywords}
                yield texts_of(code) | names.get(ast.unparse(code), set()), None if "None" in facts else facts


def codes_of(folder: str) -> set[str]:
    return set().union(*(codes for codes, _ in refusals(folder)))


def test_every_refusal_has_a_sentence() -> None:
    assert codes_of("chalicelib") - SENTENCES.keys() == set()
    assert codes_of("agency") - SENTENCES.keys() - TERMINAL.keys() == set()


def test_every_sentence_is_that_of_a_refusal() -> None:
    nodes = (node for folder in ("chalicelib", "agency") for tree in trees(folder).values() for node in ast.walk(tree))
    assert SENTENCES.keys() - set().union(*map(texts_of, nodes)) == set()
    assert TERMINAL.keys() - codes_of("agency") - SENTENCES.keys() == set()


def test_a_sentence_has_its_facts() -> None:
    lacking = {
        (code, gap)
        for folder in ("chalicelib", "agency")
        for codes, facts in refusals(folder)
        for code in codes
        for table in (SENTENCES, TERMINAL)
        for gap in gaps_of(table.get(code, ""))
        if facts is not None and gap not in facts
    }

    assert lacking == set()


def test_no_sentence_of_a_page_names_a_terminal_or_speaks_as_a_machine() -> None:
    pages = {path: re.sub(r"{#.*?#}", "", path.read_text("utf-8")) for path in template_files("office/**/*.html")}

    assert {code: said for code, said in SENTENCES.items() if MACHINE.search(said)} == {}
    assert {path.name for path, text in pages.items() if "« clef" in text or "clef places" in text} == set()


def test_the_terminal_has_its_own_sentence_only_where_it_says_something_else() -> None:
    assert {code for code, said in TERMINAL.items() if SENTENCES.get(code) == said} == set()


def test_a_sentence_is_good_french_print() -> None:
    for table in (SENTENCES, TERMINAL):
        sentences = {code: fill(words, dict.fromkeys(gaps_of(words), "xyz")) for code, words in table.items()}

        assert {code: slips(words) for code, words in sentences.items() if slips(words)} == {}
        assert {code: words for code, words in sentences.items() if not re.match(WHOLE, words)} == {}
