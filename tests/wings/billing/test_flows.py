"""Bills: a link to a PDF is for this family only, and expires after five minutes."""

import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.flows import enter, file_name, link_to
from tests.support.billing import ALL, CREDIT, PAID, PDF, TO_PAY, TODAY, bill, with_pdfs
from tests.support.households import open_session
from tests.support.world import ROSSIGNOL, World

SAME_NAME_ELSEWHERE = AccountRef("evry-magnard", ROSSIGNOL.identifier)
MERLE = AccountRef(ROSSIGNOL.site, "mer7")


def read(world: World, ref: AccountRef = ROSSIGNOL) -> Bills:
    """Read the bills in a new session of this family."""
    token = open_session(world, world.services.accounts.find(ref) or world.settle(ref, password=None))
    world.aws.calls.clear()
    visitor, page = enter(world.visit(token))
    assert visitor.account.ref == ref
    return page.bills


def link(world: World, ref: AccountRef, code: str) -> str:
    return link_to(world.services, read(world, ref), code)


def test_a_family_reads_its_own_bills_in_two_round_trips(world: World) -> None:
    bill(world, *ALL)
    bill(world, TO_PAY, to=MERLE)
    bill(world, PAID, to=SAME_NAME_ELSEWHERE)

    assert len(read(world).invoices) == len(ALL)
    assert world.aws.calls == ["GetItem", "BatchGetItem"]
    assert read(world, MERLE).invoices == (TO_PAY,)


def test_a_link_gives_the_pdf_for_five_minutes(world: World) -> None:
    bill(world, *with_pdfs(world, [TO_PAY]))

    address = link(world, ROSSIGNOL, TO_PAY.code)

    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["300"]
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.read() == PDF + TO_PAY.number.encode()
        assert answer.headers["Content-Disposition"].endswith("facture-2026-0020.pdf")


@pytest.mark.parametrize("other", [MERLE, SAME_NAME_ELSEWHERE], ids=["of the same site", "of the same identifier"])
def test_another_family_s_invoice_is_not_there_and_one_s_own_of_that_number_is(world: World, other: AccountRef) -> None:
    bill(world, *with_pdfs(world, [TO_PAY], to=other), to=other)
    bill(world, *with_pdfs(world, [PAID]))

    with pytest.raises(NotThere):
        link(world, ROSSIGNOL, TO_PAY.code)

    bill(world, *with_pdfs(world, [TO_PAY]))
    paths = {ref: urlsplit(link(world, ref, TO_PAY.code)).path for ref in (ROSSIGNOL, other)}
    assert all(f"/{ref.site}/" in path for ref, path in paths.items())
    assert len(set(paths.values())) == 2


def test_an_unknown_code_and_an_invoice_whose_pdf_is_not_there_are_not_there(world: World) -> None:
    invoice = Invoice("77", TODAY, 100, document="invoices/evry-xenakis/a/gone.pdf")
    bill(world, PAID, invoice, *with_pdfs(world, [TO_PAY]))
    wrong = ("", "0" * 12, "2026-0020", TO_PAY.code.upper(), TO_PAY.code + "0")

    for code in (PAID.code, invoice.code, *wrong):
        with pytest.raises(NotThere):
            link(world, ROSSIGNOL, code)


@pytest.mark.parametrize("call", ["BatchGetItem", "GET"])
def test_a_service_that_fails_is_told_as_such_and_not_as_a_missing_invoice(world: World, call: str) -> None:
    bill(world, *with_pdfs(world, [TO_PAY]))

    with world.aws.failing(call, "before"), pytest.raises(Unavailable):
        link(world, ROSSIGNOL, TO_PAY.code)


@pytest.mark.parametrize(
    ("invoice", "name"),
    [
        (TO_PAY, "facture-2026-0020.pdf"),
        (CREDIT, "avoir-2026-0015.pdf"),
        (Invoice("Nº 12/É\N{NARROW NO-BREAK SPACE}3", TODAY, 0), "facture-no-12-e-3.pdf"),
        (Invoice("../../etc", TODAY, 0), "facture-etc.pdf"),
    ],
)
def test_a_file_has_a_name_that_any_system_takes(invoice: Invoice, name: str) -> None:
    assert file_name(invoice) == name
