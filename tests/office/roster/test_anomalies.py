"""The sentences on anomalies: every code has its sentence, every sentence its code, all in good French."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.domain.roster.yearly_file import NEEDED, ONCE, SEVERAL, Anomaly, Severity
from chalicelib.office.roster.anomalies import ANOMALIES, COLUMNS, heading, sentence

CODE = Path(__file__).parents[3] / "chalicelib"


def test_every_anomaly_has_a_sentence_and_every_sentence_an_anomaly() -> None:
    files = [CODE / "office/roster/import_families.py", *(CODE / "domain").rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    words = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert {word for word in words if isinstance(word, str) and re.fullmatch("row_[a-z_]+", word)} == set(ANOMALIES)


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_sentence_is_whole(severity: Severity) -> None:
    gaps = {code: [name for _, name, _, _ in Formatter().parse(told) if name] for code, told in ANOMALIES.items()}

    texts = {code: sentence(Anomaly(code, severity, 7, facts=dict.fromkeys(gaps[code], "xyz"))) for code in ANOMALIES}

    slip = r"[{}]| [.,]|\.\.|«\S|\S»| {2}|[^\s\d«][:;?!](?=\s|$)"
    assert {code: words for code, words in texts.items() if not re.fullmatch(r"[A-ZÉ«].+[.?»)]", words)} == {}
    assert {code: words for code, words in texts.items() if re.search(slip, words)} == {}
    assert {code: words for code, words in texts.items() if ("laissée" in words) is not (severity == "error")} == {}


def test_every_column_has_a_name_and_a_file_may_have_its_own() -> None:
    assert {*ONCE, *SEVERAL} == set(COLUMNS)
    assert [heading(column, {}) for column in NEEDED] == ["Site", "Identifiant", "Famille"]
    assert heading(("email", 2), {("email", 2): "Courriel du père"}) == "Courriel du père"
    assert heading(None, {}) == ""
