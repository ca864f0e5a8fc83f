"""`clef` on the deployed stack, by an operator with only the operators' policy."""

import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.dossiers.documents import FOYER, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef, season_of
from chalicelib.office.account import pseudonym
from chalicelib.wings.billing.office.import_invoices import remove_invoice
from chalicelib.wings.billing.stores import Billing
from tests.support.billing import PDF
from tests.support.stack_operator import Operator
from tests.support.stack_visitor import Visitor
from tests.support.uploads import new_key
from tools.local.families import FAMILIES
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e


@pytest.fixture
def stranger(stack: Stack) -> Iterator[Operator]:
    operator = Operator(stack, "stranger")
    yield operator
    operator.leave()


GONE = AccountRef("evry-magnard", "eff7001")


@pytest.fixture(scope="module")
def erasure(stack: Stack, operator: Operator) -> Iterator["Future[subprocess.CompletedProcess[str]]"]:
    """Have a family with a document erased, which takes half a minute, while the other tests go on."""
    services, now = stack.services, stack.services.clock()
    season = season_of(None, now)
    key = new_key(family_folder(season, GONE.site, pseudonym(services, GONE)), ("passeport", FOYER))
    services.accounts.create(Account(GONE, "Famille Effraie", (), new_stamp()))
    services.documents.put(key, PDF, "binary/octet-stream")
    enrolment = Enrolment(EnrolmentRef(GONE, season))
    document = ProvidedDocument("passeport", FOYER, SavedBy("Mme Effraie", now), key)
    services.enrolments.change(enrolment, enrolment.with_document(document))
    with TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        export = operator.clef("families", "export", "EFF7001", "--why", "demande", "--to", folder)
        assert export.returncode == 0, export.stderr
        assert [file.read_bytes() for file in Path(folder).glob("*.pdf")] == [PDF]
        yield pool.submit(operator.clef, "families", "erase", "EFF7001", "--why", "erreur", "--yes")


@pytest.mark.usefixtures("erasure")
def test_a_period_is_announced_and_a_deployment_changes_nothing(
    stack: Stack, operator: Operator, visitor: Visitor
) -> None:
    sentence, listing = "du 1er juin 2027 au 15 juin 2027 inclus", stack.aws.client("cloudformation")
    paginate = listing.get_paginator("list_stack_resources").paginate
    process = operator.clef("period", "set", "2027-06-01", "2027-06-15", "--apply", "--yes")
    assert process.returncode == 0, process.stderr
    assert "4 pages publiées" in process.stdout
    assert sentence in visitor.get("/extranet/usager").text
    before = sorted(paginate(StackName="clef-local").search("StackResourceSummaries[]"), key=str)

    output = stack.deploy()

    assert "nothing to change" in output
    assert "0 assets and 0 pages of" in output
    assert sorted(paginate(StackName="clef-local").search("StackResourceSummaries[]"), key=str) == before
    assert visitor.log_in("villabe-yves-henry", "DUO6002", "Triangle4Vif").status == 303
    assert sentence in visitor.get("/extranet/usager").text
    assert operator.clef("period", "clear", "--apply", "--yes").returncode == 0
    assert "juin 2027" not in visitor.get("/extranet/usager").text


@pytest.mark.parametrize(
    "text", ["period show", "progress --json", "staff list", "families erasures", "families purge-documents 2020"]
)
def test_the_operators_policy_is_enough(operator: Operator, text: str) -> None:
    process = operator.clef(*text.split())

    assert "OperatorPolicy" not in process.stderr
    assert "Erreur imprévue" not in process.stderr


def test_a_bill_goes_on_file_for_its_family(stack: Stack, operator: Operator, visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "2027-1.pdf").write_bytes(PDF)
    table = tmp_path / "factures.csv"
    family, companion = (family for family in FAMILIES if family.identifier in {"MAG2002", "GOU1002"})
    table.write_text(f"Site;Identifiant;Numéro;Date;Montant\n{family.site};{family.identifier};2027-1;01/09/2027;90\n")

    process = operator.clef("invoices", "import", str(table), "--pdfs", str(tmp_path), "--apply")

    assert process.returncode == 0, process.stderr
    visitor.log_in(family.site, family.identifier, str(family.password))
    (path,) = re.findall(r'href="(/extranet/compte/facturation/\w+)"', visitor.get("/extranet/compte/facturation").text)
    link = visitor.get(path)
    assert link.status == 303
    with urllib.request.urlopen(link.headers["Location"], timeout=30) as answer:
        assert answer.read() == PDF
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(link.headers["Location"].partition("?")[0], timeout=30)
    visitor.log_in(companion.site, companion.identifier, str(companion.password))
    assert visitor.get(path).status == 404
    assert "Page introuvable" in visitor.get(path).text
    ref = AccountRef(family.site, identifier_from(family.identifier))
    code = stack.services.store(Billing).find(ref).invoices[0].code
    remove_invoice(stack.services, ref, code, Author("e2e", "essai"), stack.services.clock())
    assert stack.services.documents.keys("invoices/") == ()


def test_without_it_one_is_told_what_to_ask_for(stranger: Operator) -> None:
    process = stranger.clef("period", "show")

    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.startswith("AWS ne vous permet pas cette opération (DescribeStacks)")
    assert "OperatorPolicy" in process.stderr


def test_what_a_family_handed_in_is_copied_and_goes_with_it(
    stack: Stack, erasure: "Future[subprocess.CompletedProcess[str]]"
) -> None:
    process, services, season = erasure.result(), stack.services, season_of(None, stack.services.clock())

    assert process.returncode == 0, process.stderr
    assert "Attente de 30 secondes" in process.stderr
    assert services.accounts.find(GONE) is None
    assert services.enrolments.of_account(GONE, (season,)) == ()
    assert services.documents.keys(family_folder(season, GONE.site, pseudonym(services, GONE))) == ()
