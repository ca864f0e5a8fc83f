"""The removal of an invoice from a family's file, with its PDF: audited, and repeated after a fault."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.billing.import_invoices import find_invoice, remove
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When
from tests.support.billing import OVERDUE, TO_PAY, bill, with_pdfs
from tests.support.refusals import sentence_of
from tests.support.world import ROSSIGNOL, World

ASKED = HelpdeskCase("XEN 1", None, Author("Mme Houx", "facture d'une autre famille"))
MERLE = AccountRef("evry-magnard", "mer7")


@pytest.fixture(autouse=True)
def bills_on_file(world: World) -> None:
    world.settle(password=None)
    bill(world, *with_pdfs(world, [TO_PAY, OVERDUE]))
    bill(world, *with_pdfs(world, [TO_PAY], to=MERLE), to=MERLE)


def test_it_is_gone_with_its_pdf_and_the_others_stay(world: World) -> None:
    removed = remove(world.services, ASKED, "2026 0020", world.now)

    assert removed.number == "2026-0020"
    assert [invoice.number for invoice in world.services.billing.find(ROSSIGNOL).invoices] == ["2026-0003"]
    assert len(world.services.billing.find(MERLE).invoices) == 1
    assert removed.document not in world.aws.documents(world.resources)
    assert len(world.aws.documents(world.resources)) == 2


def test_the_act_is_noted_with_who_and_why(world: World) -> None:
    remove(world.services, ASKED, "2026-0020", world.now)

    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    (act,) = world.services.audit_trail.on(ROSSIGNOL.site, pseudonym)
    assert (act.kind, act.author) == ("invoice_removed", ASKED.author)


def test_one_that_is_not_there_is_refused_with_those_that_are(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="invoice_unknown") as refused:
        find_invoice(world.services, "XEN 1", None, "77")

    assert "Factures au dossier : 2026-0020, 2026-0003." in sentence_of(refused.value)


def test_without_a_name_and_a_reason_nothing_is_done(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="author_missing"):
        remove(world.services, HelpdeskCase("XEN 1", None, Author("", "")), "2026-0020", world.now)

    assert len(world.services.billing.find(ROSSIGNOL).invoices) == 2


@pytest.mark.parametrize("call", ["BatchWriteItem", "POST", "UpdateItem"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_fault_it_can_be_asked_for_again(world: World, call: str, when: When) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        remove(world.services, ASKED, "2026-0020", world.now)
    if world.services.billing.find(ROSSIGNOL).by_number("2026-0020"):
        remove(world.services, ASKED, "2026-0020", world.now)

    assert [invoice.number for invoice in world.services.billing.find(ROSSIGNOL).invoices] == ["2026-0003"]
    assert len(world.aws.documents(world.resources)) == 2
