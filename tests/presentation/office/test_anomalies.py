"""The sentences of anomalies: each code has one, each sentence a code, all of it good French."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.files.columns import FAMILIES as FAMILY_COLUMNS
from chalicelib.office.files.columns import Columns, Headings
from chalicelib.presentation.office.anomalies import FAMILIES, INVOICES, PLACES, sentence
from chalicelib.wings.billing.office.invoice_columns import INVOICES as INVOICE_COLUMNS
from tests.support.french import slips

CODE = Path(__file__).parents[3] / "chalicelib"
ALL = FAMILIES | INVOICES | PLACES


def named(prefix: str) -> set[str]:
    """List the codes with a prefix that the domain and the office name."""
    folders = [*CODE.glob("wings/*"), CODE]
    files = [path for folder in folders for part in ("domain", "office") for path in (folder / part).rglob("*.py")]
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {word for word in words if re.fullmatch(f"({prefix})_[a-z_]+", word)}


@pytest.mark.parametrize(
    ("prefix", "sentences"), [("row", FAMILIES), ("invoice|payment", INVOICES)], ids=["families", "invoices"]
)
def test_every_anomaly_has_a_sentence_and_every_sentence_an_anomaly(prefix: str, sentences: Mapping[str, str]) -> None:
    assert named(prefix) & ALL.keys() == set(sentences)


@pytest.mark.parametrize("code", ALL)
def test_a_sentence_is_whole(code: str) -> None:
    facts = dict.fromkeys((name for _, name, _, _ in Formatter().parse(ALL[code]) if name), "xyz")

    for severity in ("error", "warning"):
        message = sentence(Anomaly(code, severity, 7, facts=facts))

        assert re.fullmatch(r"[A-ZÉ«x].+[.?»)]", message)
        assert slips(message) == []
        assert bool(re.search(r"laissées? de côté\.$", message)) is (severity == "error" and code not in PLACES)


def test_a_row_s_fate_is_said() -> None:
    assert sentence(Anomaly("row_without_site", "error", 7)) == "Il n'y a pas de site. La ligne est laissée de côté."
    below = Anomaly("place_below_held", "error", 4, ("total", 1), None, {"held": "3", "left": "2"})
    assert sentence(below) == "3 places sont déjà proposées ou acceptées, et il n'en resterait que 2."


@pytest.mark.parametrize("columns", [FAMILY_COLUMNS, INVOICE_COLUMNS], ids=["families", "invoices"])
def test_every_column_has_a_name_and_a_file_may_have_its_own(columns: Columns) -> None:
    column = (columns.once[0], 1)

    assert {*columns.once, *columns.plural} == set(columns.names)
    assert Headings({}, columns.names)[column] == "Site"
    assert Headings({column: "Conservatoire"}, columns.names)[column] == "Conservatoire"
