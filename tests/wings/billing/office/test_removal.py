"""The removal of an invoice from a family's file, with its PDF: audited, and repeated after a fault."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.billing.domain.bills import Invoice
from chalicelib.wings.billing.office.import_invoices import remove_invoice
from chalicelib.wings.billing.stores import Billing
from tests.support.aws import When, faults_of
from tests.support.billing import OVERDUE, TO_PAY, bill, with_pdfs
from tests.support.world import ROSSIGNOL, World

AUTHOR = Author("Mme Houx", "facture d'une autre famille")
MERLE = AccountRef("evry-magnard", "mer7")


@pytest.fixture(autouse=True)
def bills_on_file(world: World) -> None:
    world.settle(password=None)
    bill(world, *with_pdfs(world, [TO_PAY, OVERDUE]))
    bill(world, *with_pdfs(world, [TO_PAY], to=MERLE), to=MERLE)


def remove(world: World, author: Author = AUTHOR) -> Invoice:
    return remove_invoice(world.services, ROSSIGNOL, TO_PAY.code, author, world.now)


def test_it_is_gone_with_its_pdf_and_the_others_stay(world: World) -> None:
    removal = remove(world)

    assert removal.number == "2026-0020"
    assert [invoice.number for invoice in world.services.store(Billing).find(ROSSIGNOL).invoices] == ["2026-0003"]
    assert len(world.services.store(Billing).find(MERLE).invoices) == 1
    assert removal.document not in world.aws.documents(world.resources)
    assert len(world.aws.documents(world.resources)) == 2


def test_the_act_is_noted_with_who_and_why(world: World) -> None:
    remove(world)

    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    (act,) = world.services.audit_trail.on(ROSSIGNOL.site, pseudonym)
    assert (act.kind, act.author) == ("invoice_removed", Author(AUTHOR.who, f"2026-0020 : {AUTHOR.why}"))


def test_one_that_is_not_there_is_refused(world: World) -> None:
    remove(world)

    with pytest.raises(OfficeRefusal, match="invoice_unknown"):
        remove(world)


def test_without_a_name_and_a_reason_nothing_is_done(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="author_missing"):
        remove(world, Author("", ""))

    assert len(world.services.store(Billing).find(ROSSIGNOL).invoices) == 2


@faults_of("BatchWriteItem", "POST", "UpdateItem")
def test_after_a_fault_it_can_be_asked_for_again(world: World, call: str, when: When) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        remove(world)
    if world.services.store(Billing).find(ROSSIGNOL).by_number("2026-0020"):
        remove(world)

    assert [invoice.number for invoice in world.services.store(Billing).find(ROSSIGNOL).invoices] == ["2026-0003"]
    assert len(world.aws.documents(world.resources)) == 2
