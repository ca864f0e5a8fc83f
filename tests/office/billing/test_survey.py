"""The survey of invoices: it writes nothing, reports each anomaly once, and knows the stored invoices."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.invoice_rows import NEEDED, ONCE, SEVERAL
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.billing.survey import (
    ANOMALIES,
    COLUMNS,
    InvoiceSurvey,
    folder_of,
    heading,
    key_of,
    sentence,
    store,
    survey_invoices,
)
from chalicelib.office.refusals import OfficeRefusal
from tests.support.billing import OVERDUE, PDF, TO_PAY, bill
from tests.support.invoices import AVOIR, COURS, LOCATION, MERLE, but, file
from tests.support.world import ROSSIGNOL, World

OTHERS = (AccountRef("evry-magnard", ROSSIGNOL.identifier), AccountRef(ROSSIGNOL.site, "mer7"))


def test_the_same_pdf_of_the_same_invoice_has_the_same_key_and_any_other_has_another(world: World) -> None:
    asked = [
        (ROSSIGNOL, TO_PAY, PDF),
        (ROSSIGNOL, TO_PAY, PDF + b" "),
        (ROSSIGNOL, OVERDUE, PDF),
        *((other, TO_PAY, PDF) for other in OTHERS),
    ]

    keys = [key_of(world.services, *arguments) for arguments in asked]

    assert keys == [key_of(world.services, *arguments) for arguments in asked]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(folder_of(world.services, ref)) for key, (ref, *_) in zip(keys, asked, strict=True))


def test_no_family_s_folder_begins_as_another_s(world: World) -> None:
    folders = [folder_of(world.services, ref) for ref in (ROSSIGNOL, *OTHERS)]

    assert not [one for one in folders for other in folders if one is not other and one.startswith(other)]


def test_a_pdf_is_stored_as_what_it_is(world: World) -> None:
    key = key_of(world.services, ROSSIGNOL, TO_PAY, PDF)

    store(world.services, key, PDF)

    stored = world.aws.client("s3").get_object(Bucket=world.resources.documents_bucket, Key=key)
    assert (stored["Body"].read(), stored["ContentType"], stored["Metadata"]) == (PDF, "application/pdf", {})


CODE = Path(__file__).parents[3] / "chalicelib"
NAMED = ("domain/billing/invoice_rows.py", "office/billing/import_invoices.py", "office/billing/survey.py")
OF_REMOVAL = {"invoice_removed", "invoice_unknown"}


def test_every_anomaly_has_a_sentence_and_every_sentence_an_anomaly() -> None:
    nodes = [node for name in NAMED for node in ast.walk(ast.parse((CODE / name).read_text("utf-8")))]
    keys = {key for node in nodes if isinstance(node, ast.Dict) for key in node.keys}
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and node not in keys}

    codes = {word for word in words if isinstance(word, str) and re.fullmatch("(invoice|payment)_[a-z_]+", word)}
    assert codes - OF_REMOVAL == set(ANOMALIES)


def test_a_sentence_is_whole_and_says_what_becomes_of_the_invoice() -> None:
    gaps = {code: [name for _, name, _, _ in Formatter().parse(told) if name] for code, told in ANOMALIES.items()}

    texts = {code: sentence(Anomaly(code, "error", 7, facts=dict.fromkeys(gaps[code], "xyz"))) for code in ANOMALIES}

    whole, slip = (
        r"[A-ZÉ«].+\. La facture est laissée de côté\.",
        r"[{}]| [.,]|\.\.|«\S|\S»| {2}|[^\s\d«][:;?!](?=\s|$)",
    )
    assert {code: words for code, words in texts.items() if not re.fullmatch(whole, words)} == {}
    assert {code: words for code, words in texts.items() if re.search(slip, words)} == {}


def test_what_both_kinds_of_file_have_is_said_as_ever() -> None:
    assert sentence(Anomaly("row_without_site", "error", 7)) == "Il n'y a pas de site. La ligne est laissée de côté."


def test_every_column_has_a_name_and_a_file_may_have_its_own() -> None:
    assert {*ONCE, *SEVERAL} == set(COLUMNS)
    assert [heading(column, {}) for column in NEEDED] == ["Site", "Identifiant", "Numéro", "Date", "Montant"]
    assert heading(("number", 1), {("number", 1): "Titre"}) == "Titre"
    assert heading(None, {}) == ""


XEN1, XEN2 = (AccountRef("evry-xenakis", identifier) for identifier in ("xen1", "xen2"))


def survey(world: World, *rows: tuple[str, ...]) -> tuple[InvoiceSurvey, list[str]]:
    anomalies: list[Anomaly] = []
    surveyed = survey_invoices(world.services, file(*rows), anomalies.append)
    return surveyed, [anomaly.code for anomaly in anomalies]


def test_a_list_is_put_together_by_family(world: World) -> None:
    surveyed, codes = survey(world, COURS, MERLE, LOCATION, AVOIR)

    numbers = {ref.identifier: [entry.invoice.number for entry in listed] for ref, listed in surveyed.families.items()}
    assert numbers == {"xen1": ["2026-0012", "2026-0003"], "xen2": ["2026-0020"], "mag3": ["2026-0015"]}
    assert (surveyed.rows, surveyed.invoices, codes) == (4, 4, [])
    assert world.aws.everything(world.resources) == ""


def test_the_bills_of_the_sites_mentioned_are_read_and_no_others(world: World) -> None:
    bill(world, TO_PAY, to=XEN1)
    bill(world, OVERDUE, to=AccountRef("evry-magnard", "mag3"))
    world.aws.calls.clear()

    surveyed, _ = survey(world, COURS)

    assert surveyed.bills_of(XEN1).invoices == (TO_PAY,)
    assert surveyed.bills_of(XEN2).invoices == ()
    assert [(ref, invoice.number) for ref, invoice in surveyed.absent] == [(XEN1, "2026-0020")]
    assert world.aws.calls == ["Query"]


def test_each_anomaly_is_told_once(world: World) -> None:
    bill(world, OVERDUE, to=XEN2)

    surveyed, codes = survey(world, but(COURS, amount="?"), MERLE, but(MERLE, identifier="XEN 7"), LOCATION)

    assert codes == ["invoice_amount_unreadable", "invoice_of_two_families", "invoice_of_another"]
    assert surveyed.invoices == 0
    assert list(surveyed.absent) == []


def test_a_list_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="invoices_without_rows"):
        survey(world)
