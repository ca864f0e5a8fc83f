"""The papers' counts match the tree. Each decision has its date, its status and one line of the index."""

import re
from pathlib import Path

from tools.figures import ROOT, decisions, stale, tables

LINK = r"\[(\d+)\]\(([\w.-]+\.md)\)"
STATUS = re.compile(rf"accepted|(?:amended|superseded) by {LINK}(?: and {LINK})*")


def test_what_the_papers_count_is_what_there_is() -> None:
    assert [str(path.relative_to(ROOT)) for path in stale()] == [], "run `make figures`"


def test_a_decision_has_the_number_of_its_file_and_no_other_has_it() -> None:
    records = decisions()

    assert [record.file for record in records if not record.file.startswith(f"{record.number:04}-")] == []
    assert len({record.number for record in records}) == len(records)


def test_a_decision_is_accepted_or_says_which_later_one_changes_it() -> None:
    files = {record.number: record.file for record in decisions()}

    unclear = [record.file for record in decisions() if not STATUS.fullmatch(record.status)]
    astray = [
        f"{record.file}: {number}"
        for record in decisions()
        for number, file in re.findall(LINK, record.status)
        if files.get(int(number)) != file or int(number) <= record.number
    ]

    assert unclear == []
    assert astray == []


def test_every_decision_is_listed_once() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")

    numbers = re.findall(r"^\| (\d+) \| \[.+\]\(", index, re.MULTILINE)

    assert sorted(map(int, numbers)) == sorted(record.number for record in decisions())


def test_sizes_count_code_and_words_by_layer(tmp_path: Path) -> None:
    office = tmp_path / "chalicelib/office"
    office.mkdir(parents=True)
    (tmp_path / "app.py").write_text('"""The table of contents."""\n')
    (office / "decide.py").write_text(
        '"""What is decided.\n\nMore."""\n\nimport re\n\n# A comment.\n'
        'def accept(\n    services: object,\n) -> None:\n    """Accept."""\n    teaching_stores(services)\n'
    )
    (office / "sentences.py").write_text('SENTENCES = {"a": "Tapez « clef desk find NOM ».", "b": "Le nom manque."}\n')

    rows = [line.split() for line in tables(tmp_path)]

    assert ["chalicelib/office", "2", "13", "6", "17%", "50%"] in rows
    assert ["sentences", "that", "name", "a", "command", "1", "of", "2", "(50%)"] in rows
    assert ["calls", "of", "*_stores(…)", "1"] in rows
    assert ["docstrings", "in", "dialect", "1", "of", "2", "(50%)"] in rows
