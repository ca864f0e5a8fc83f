"""What is said of each anomaly of the list of invoices: every code has its sentence, all of it good French."""

import ast
import re
from pathlib import Path
from string import Formatter

from chalicelib.domain.billing.invoice_rows import NEEDED, ONCE, SEVERAL
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.billing.anomalies import ANOMALIES, COLUMNS, heading, sentence

CODE = Path(__file__).parents[3] / "chalicelib"
NAMED = (
    "domain/billing/invoice_rows.py",
    "domain/billing/invoice_list.py",
    "office/billing/import_invoices.py",
    "office/billing/pdfs.py",
)


def test_every_anomaly_has_a_sentence_and_every_sentence_an_anomaly() -> None:
    trees = [ast.parse((CODE / name).read_text("utf-8")) for name in (*NAMED, "office/billing/survey.py")]
    words = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert {word for word in words if isinstance(word, str) and re.fullmatch("(invoice|payment)_[a-z_]+", word)} == set(
        ANOMALIES
    )


def test_a_sentence_is_whole_and_says_what_becomes_of_the_invoice() -> None:
    gaps = {code: [name for _, name, _, _ in Formatter().parse(told) if name] for code, told in ANOMALIES.items()}

    said = {code: sentence(Anomaly(code, "error", 7, facts=dict.fromkeys(gaps[code], "xyz"))) for code in ANOMALIES}

    whole, slip = (
        r"[A-ZÉ«].+\. La facture est laissée de côté\.",
        r"[{}]| [.,]|\.\.|«\S|\S»| {2}|[^\s\d«][:;?!](?=\s|$)",
    )
    assert {code: words for code, words in said.items() if not re.fullmatch(whole, words)} == {}
    assert {code: words for code, words in said.items() if re.search(slip, words)} == {}


def test_what_both_kinds_of_file_have_is_said_as_ever() -> None:
    assert sentence(Anomaly("row_without_site", "error", 7)) == "Il n'y a pas de site. La ligne est laissée de côté."


def test_every_column_has_a_name_and_a_file_may_have_its_own() -> None:
    assert {*ONCE, *SEVERAL} == set(COLUMNS)
    assert [heading(column, {}) for column in NEEDED] == ["Site", "Identifiant", "Numéro", "Date", "Montant"]
    assert heading(("number", 1), {("number", 1): "Titre"}) == "Titre"
    assert heading(None, {}) == ""
