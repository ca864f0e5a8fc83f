"""The import of invoices: each invoice once, its PDF before it, under all faults and conflicts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.office.import_invoices import InvoiceChange, InvoiceEvent, InvoiceImport, carry_out
from chalicelib.wings.billing.office.survey import UnusablePdf, survey_invoices
from chalicelib.wings.billing.stores import Billing
from tests.support.aliases import change_identifier
from tests.support.aws import When
from tests.support.billing import PDF, TO_PAY, bill
from tests.support.invoices import AVOIR, COURS, LOCATION, MERLE, but, file
from tests.support.world import World

XEN1, XEN2 = (AccountRef("evry-xenakis", identifier) for identifier in ("xen1", "xen2"))
MAG3 = AccountRef("evry-magnard", "mag3")
ALL = (COURS, LOCATION, MERLE, AVOIR)


@pytest.fixture(autouse=True)
def families_on_file(world: World) -> None:
    for ref in (XEN1, XEN2, MAG3):
        world.settle(ref, password=None)


def pdf_of(invoice: Invoice) -> bytes:
    return PDF + invoice.number.encode()


def without(*numbers: str) -> Callable[[Invoice], bytes]:
    """Build a folder without some PDFs."""

    def read_pdf(invoice: Invoice) -> bytes:
        if invoice.number in numbers:
            raise UnusablePdf("invoice_without_pdf")
        return pdf_of(invoice)

    return read_pdf


def run_import(world: World, yearly_file: YearlyFile, pdfs: Callable[[Invoice], bytes] = pdf_of) -> list[InvoiceEvent]:
    events: list[InvoiceEvent] = []
    survey = survey_invoices(world.services, yearly_file, events.append)
    carry_out(InvoiceImport(world.services, survey, pdfs, apply=True), events.append)
    return events


def kinds(events: list[InvoiceEvent]) -> list[tuple[str, str]]:
    return [
        (event.code, event.facts["number"]) if isinstance(event, Anomaly) else (event.kind, event.invoice.number)
        for event in events
    ]


def bills(world: World, ref: AccountRef = XEN1) -> Bills:
    return world.services.store(Billing).find(ref)


def is_whole(world: World) -> bool:
    """Whether each PDF named by a bill exists."""
    documents = [invoice.document for ref in (XEN1, XEN2, MAG3) for invoice in bills(world, ref).invoices]
    return set(documents) <= set(world.aws.documents(world.resources))


def test_new_invoices_are_on_file_with_their_pdfs(world: World) -> None:
    run_import(world, file(*ALL))

    cours, location = bills(world).invoices
    assert (cours.number, cours.cents, cours.paid, cours.label) == ("2026-0012", 123_450, 60_000, "Cours")
    assert location.due_on == date(2026, 8, 31)
    documents = world.aws.documents(world.resources)
    assert documents[cours.document] == pdf_of(cours)
    assert len(documents) == 4


def test_a_key_tells_no_name_no_number_and_no_identifier(world: World) -> None:
    run_import(world, file(*ALL))

    pseudonym = world.services.record.pseudonyms.of(XEN1.site, XEN1.identifier)
    for invoice in bills(world).invoices:
        folder, site, account, name = invoice.document.split("/")
        assert (folder, site, account) == ("invoices", "evry-xenakis", pseudonym)
        assert len(name) == len("0" * 32 + ".pdf")
        assert "2026" not in name.replace(invoice.code, "")


def test_the_same_list_again_writes_nothing(world: World) -> None:
    run_import(world, file(*ALL))
    before = world.aws.everything(world.resources)
    world.aws.calls.clear()

    assert {kind for kind, _ in kinds(run_import(world, file(*ALL)))} == {"unchanged"}

    assert world.aws.everything(world.resources) == before
    assert {"PutItem", "UpdateItem", "PUT"}.isdisjoint(world.aws.calls)


def test_what_changed_is_told_field_by_field_and_taken_up(world: World) -> None:
    run_import(world, file(COURS, LOCATION))
    row = but(LOCATION, paid_on="02/09/2026", paid="90,00", how="chèque", label="Location d'un cor")

    (_, change) = run_import(world, file(COURS, row))

    assert isinstance(change, InvoiceChange)
    assert (change.kind, change.changed_fields) == ("changed", ("label", "payments"))
    after = bills(world).by_number("2026-0003")
    assert after
    assert (after.balance, after.label) == (0, "Location d'un cor")


def test_another_pdf_takes_the_place_of_the_former(world: World) -> None:
    run_import(world, file(COURS))

    (change,) = run_import(world, file(COURS), lambda invoice: pdf_of(invoice) + b"\n%%EOF")

    assert isinstance(change, InvoiceChange)
    assert change.changed_fields == ("document",)
    (after,) = bills(world).invoices
    assert world.aws.documents(world.resources)[after.document].endswith(b"%%EOF")


def test_what_the_list_has_no_more_stays_and_is_told(world: World) -> None:
    run_import(world, file(*ALL))

    events = run_import(world, file(MERLE))

    assert kinds(events) == [("unchanged", "2026-0020"), ("absent", "2026-0012"), ("absent", "2026-0003")]
    assert len(bills(world).invoices) == 2


def test_a_row_that_is_left_out_is_not_taken_for_absent(world: World) -> None:
    run_import(world, file(*ALL))

    events = run_import(world, file(but(COURS, amount="?"), LOCATION, MERLE))

    assert [event.code for event in events if isinstance(event, Anomaly)] == ["invoice_amount_unreadable"]
    assert "absent" not in {event.kind for event in events if isinstance(event, InvoiceChange)}
    assert bills(world).by_number("2026-0012")


def test_an_invoice_under_a_changed_identifier_is_the_family_s(world: World) -> None:
    run_import(world, file(COURS))
    change_identifier(world)

    again = (but(COURS, identifier="PIE-9"), but(LOCATION, identifier="PIE-9"))
    assert kinds(run_import(world, file(*again))) == [("unchanged", "2026-0012"), ("new", "2026-0003")]
    assert len(bills(world).invoices) == 2


def test_a_family_that_nobody_knows_gets_no_invoice(world: World) -> None:
    world.settle(XEN2, role="office", password=None)

    events = run_import(world, file(but(MERLE, identifier="XEN 9"), but(MERLE, number="1"), COURS))

    assert kinds(events) == [
        *(("invoice_family_unknown", "2026-0020"), ("row_not_a_family", "1"), ("new", "2026-0012"))
    ]
    assert bills(world, XEN2) == Bills(XEN2)
    assert len(world.aws.documents(world.resources)) == 1


def test_an_invoice_without_a_pdf_is_left_out_unless_it_is_on_file_already(world: World) -> None:
    assert kinds(run_import(world, file(COURS, LOCATION), without("2026-0012"))) == [
        *(("new", "2026-0003"), ("invoice_without_pdf", "2026-0012"))
    ]
    assert bills(world).by_number("2026-0012") is None
    run_import(world, file(COURS))

    event, _ = run_import(world, file(but(COURS, label="Neuf"), LOCATION), without("2026-0012"))

    assert isinstance(event, InvoiceChange)
    assert event.changed_fields == ("label",)
    assert is_whole(world)


def test_a_number_that_another_family_has_on_file_is_left_out(world: World) -> None:
    run_import(world, file(COURS))

    events = run_import(world, file(but(COURS, identifier="XEN 2")))

    (anomaly,) = [event for event in events if isinstance(event, Anomaly)]
    assert (anomaly.code, anomaly.facts["identifier"]) == ("invoice_of_another", "xen1")
    assert bills(world, XEN2) == Bills(XEN2)


def test_disabled_families_have_their_invoices_too(world: World) -> None:
    world.settle(XEN1, password=None, disabled=True)

    assert kinds(run_import(world, file(COURS))) == [("new", "2026-0012")]


# Killed, overtaken, refused.


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "spared"),
    [*((call, spared) for call in ("PUT", "UpdateItem") for spared in range(3)), ("BatchGetItem", 0), ("Query", 1)],
)
def test_killed_at_any_call_it_goes_on_with_nothing_half_done(world: World, call: str, when: When, spared: int) -> None:
    with world.aws.failing(call, when, skips=spared), pytest.raises(Unavailable):
        run_import(world, file(*ALL))
    assert is_whole(world)

    run_import(world, file(*ALL))

    assert is_whole(world)
    assert {kind for kind, _ in kinds(run_import(world, file(*ALL)))} == {"unchanged"}
    assert len(world.aws.documents(world.resources)) == 4
    assert [len(bills(world, ref).invoices) for ref in (XEN1, XEN2, MAG3)] == [2, 1, 1]


def test_what_somebody_else_wrote_meanwhile_stays(world: World) -> None:
    events: list[InvoiceEvent] = []
    survey = survey_invoices(world.services, file(COURS), events.append)
    bill(world, replace(TO_PAY, number="77"), to=XEN1)

    carry_out(InvoiceImport(world.services, survey, pdf_of, apply=True), events.append)

    assert {invoice.number for invoice in bills(world).invoices} == {"77", "2026-0012"}


def test_a_family_that_is_erased_meanwhile_leaves_nothing(world: World) -> None:
    def erasing(invoice: Invoice) -> bytes:
        world.services.accounts.erase(world.account(XEN1))
        return pdf_of(invoice)

    run_import(world, file(COURS), erasing)

    assert not bills(world).invoices
    assert world.aws.documents(world.resources) == {}


def test_a_thousand_invoices_are_read_and_written_in_few_calls(world: World) -> None:
    rows = [but(COURS, number=f"N{number}") for number in range(300)]
    world.aws.calls.clear()

    run_import(world, file(*rows))

    assert world.aws.calls.count("UpdateItem") == 1
    assert world.aws.calls.count("PUT") == 300
    assert world.aws.calls.count("BatchGetItem") == 1
