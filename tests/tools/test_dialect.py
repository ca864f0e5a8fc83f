"""The lint finds the dialect in docstrings and names, and its ceilings only fall."""

import ast
from pathlib import Path

import pytest

from tools import dialect


@pytest.mark.parametrize(
    "text",
    [
        "Read of a file what tells its kind.",
        "Find who comes.",
        "Who answers for the service.",
        "A page was shown: who is first.",
        "The same form again is content; the rest stays.",
        "None when it is there no more.",
        "Changed by somebody\nmeanwhile.",
        "Name a pupil with its courses.",
    ],
)
def test_dialect_is_found_in_a_docstring(text: str) -> None:
    assert dialect.offends(text)


@pytest.mark.parametrize(
    "text",
    [
        "Read the file's magic bytes. None if it is gone.",
        "List the families who have not answered.",
        "Write no more than 25 items in a batch.",
        "Sent as `text/html; charset=utf-8` under « Ce qui manque ; à fournir », with &nbsp; in it.",
    ],
)
def test_plain_english_quotations_and_code_are_left_alone(text: str) -> None:
    assert dialect.offends(text) == ""


def test_the_french_help_of_a_command_is_left_alone() -> None:
    body = 'def send():\n    """Écrire aux familles ; relancer.{}"""'

    assert list(dialect.docstrings(ast.parse(body.format("\n\n    Exemple : clef campaign send\n    ")))) == []
    assert len(list(dialect.docstrings(ast.parse(body.format(""))))) == 1


def test_names_of_modules_are_nouns() -> None:
    def of(path: str) -> list[str]:
        return [name for _, name in dialect.names(Path(path))]

    assert of("a/posted_first.py") + of("tests/test_giving.py") == ["module posted_first", "module giving"]
    assert of("a/entering/__init__.py") + of("a/plan_words.py") == ["module entering", "module plan_words"]
    assert of("a/billing.py") + of("a/mailed_password.py") + of("a/bring_over.py") + of("a/typing_errors.py") == []


def test_no_value_is_named_by_a_bare_participle_or_pronoun() -> None:
    bare = """
class Change:
    mailed: bool
    is_sent: bool
    def __init__(self, given): self.kept = given
    @property
    def read(self): ...
    def is_same(self, other): ...
left, right = box
for one in told: seed, run, token, expected, mailed_password = one
with lock as held: _taken = [
    each
    for each in own
]
short = [one.sent for one in rows if (lambda other: other)(one)]
"""

    names = [name for _, name in dialect.values(ast.parse(bare))]

    assert sorted(names) == [
        f"value {name}" for name in ["_taken", "each", "given", "held", "kept", "mailed", "one", "read"]
    ]


def test_a_ceiling_falls_and_a_folder_without_one_may_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dialect, "ROOT", tmp_path)
    monkeypatch.setattr(dialect, "_CEILINGS", tmp_path / "dialect.toml")
    for folder in ("chalicelib", "tools"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "store.py").write_text('"""What is kept."""\nkept = 1\n')
    (tmp_path / "CONTRIBUTING.md").write_text("See [a page](what.md); then go.\nWhat is kept.\n")
    dialect.write({"chalicelib": 3, "moved": 2, "values of chalicelib": 2})

    dialect.lower()
    monkeypatch.setattr("sys.argv", ["dialect"])
    with pytest.raises(SystemExit):
        dialect.main()

    assert dialect.ceilings() == {"chalicelib": 1, "values of chalicelib": 1}
    tools, values, docs = capsys.readouterr().out.splitlines()
    assert tools == "tools: 1 of 1 docstrings, 0 names; ceiling 0"
    assert values == "values of tools: 0 of 0 docstrings, 1 names; ceiling 0"
    assert docs == "docs: 0 of 0 docstrings, 1 names; ceiling 0"
