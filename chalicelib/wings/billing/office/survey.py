"""The list of invoices surveyed before any write: its anomalies, and the invoices already stored."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly, ReportAnomaly, YearlyFile
from chalicelib.office.account import pseudonym
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.survey import site_names
from chalicelib.services.dues import OnlinePart
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.wings import parts
from chalicelib.stores.accounts import aliases_among
from chalicelib.values import frozen
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.domain.invoice_rows import (
    InvoiceList,
    InvoiceReading,
    ListedInvoice,
    amount,
    read_invoice,
)
from chalicelib.wings.billing.stores import Billing

FOLDER: Final = "invoices"
PDF: Final = "application/pdf"
Fault = Literal[
    "invoice_without_pdf", "invoice_pdf_twice", "invoice_pdf_not_one", "invoice_pdf_cut_short", "invoice_pdf_too_big"
]
_DIGEST_SIZE: Final = 16  # bytes


class UnusablePdf(Exception):
    """A number has no PDF, or none that can be stored."""

    def __init__(self, code: Fault) -> None:
        super().__init__(code)
        self.code: Fault = code


Pdfs = Callable[[Invoice], bytes]  # raises `UnusablePdf`


def folder_of(services: Services, ref: AccountRef) -> str:
    """Build the prefix of the keys of a family's PDFs."""
    return f"{FOLDER}/{ref.site}/{pseudonym(services, ref)}/"


def key_of(services: Services, ref: AccountRef, invoice: Invoice, pdf: bytes) -> str:
    """Build the key of a PDF, by its content: an import run again finds it stored."""
    digest = hashlib.blake2b(pdf, digest_size=_DIGEST_SIZE, key=invoice.number_key.encode()[:64]).hexdigest()
    return f"{folder_of(services, ref)}{digest}.pdf"


def store(services: Services, key: str, pdf: bytes) -> None:
    """Store a PDF. Idempotent."""
    services.documents.put(key, pdf, PDF)


@frozen
class InvoiceSurvey:
    """Each family's listed invoices, the number of rows, and the stored bills of the mentioned sites."""

    families: Mapping[AccountRef, tuple[ListedInvoice, ...]] = field(repr=False)
    on_file: Mapping[AccountRef, Bills] = field(repr=False)
    marks: frozenset[str] = field(repr=False)
    rows: int

    @property
    def invoices(self) -> int:
        """The number of valid invoices."""
        return sum(map(len, self.families.values()))

    @property
    def absent(self) -> Iterator[tuple[AccountRef, Invoice]]:
        """The stored invoices missing from the list. They are kept."""
        for ref, bills in self.on_file.items():
            yield from ((ref, invoice) for invoice in bills.invoices if invoice.number_key not in self.marks)

    @property
    def number_keys(self) -> frozenset[str]:
        """The numbers of the list, and of the stored invoices."""
        return self.marks.union(invoice.number_key for bills in self.on_file.values() for invoice in bills.invoices)

    def bills_of(self, ref: AccountRef) -> Bills:
        """Find the stored bills of a family."""
        return self.on_file.get(ref, Bills(ref))


def survey_invoices(services: Services, file: YearlyFile, report: ReportAnomaly) -> InvoiceSurvey:
    """Read the list once, and the bills of the mentioned sites. Raises `OfficeRefusal` if it is empty."""
    listing = InvoiceList()
    sites, aliases = site_names(services.settings.network), dict[str, dict[AccountRef, AccountRef]]()
    for row in file.rows():
        reading = _of_family(services, read_invoice(row, sites), aliases)
        for anomaly in reading.anomalies:
            report(replace(anomaly, facts={"number": reading.number, **anomaly.facts}))
        listing.add(reading)
    if not listing.rows:
        raise OfficeRefusal("invoices_without_rows")
    on_file = {bills.ref: bills for site in listing.sites for bills in services.store(Billing).under(site)}
    families: dict[AccountRef, tuple[ListedInvoice, ...]] = {}
    for item in _check_owners(listing.invoices(), on_file):
        if isinstance(item, Anomaly):
            report(item)
        else:
            families[item.ref] = (*families.get(item.ref, ()), item)
    for site in listing.sites:
        for anomaly in _paid_online(services, site, families):
            report(anomaly)
    return InvoiceSurvey(families, on_file, listing.number_keys, listing.rows)


def _paid_online(
    services: Services, site: str, families: Mapping[AccountRef, tuple[ListedInvoice, ...]]
) -> Iterator[Anomaly]:
    """Report the payments online that the list does not agree with: under way, or received and not in it yet."""

    def listed(ref: AccountRef, bill: str) -> ListedInvoice | None:
        return next((row for row in families.get(ref, ()) if row.invoice.code == bill), None)

    def anomaly(code: str, ref: AccountRef, row: ListedInvoice | None, **facts: str) -> Anomaly:
        return Anomaly(code, "warning", row.line if row else 0, ("number", 1), ref, facts)

    for part in parts(OnlinePart):
        for ref, receipts, payables in part.of_site(services, site):
            for due in payables:
                row, facts = listed(ref, due.bill), {"number": due.number, "amount": amount(due.cents)}
                if row is None:
                    yield anomaly("invoice_awaited_absent", ref, None, **facts)
                elif row.invoice.balance != due.cents:
                    yield anomaly("invoice_awaited_changed", ref, row, **facts, left=amount(row.invoice.balance))
            for receipt in receipts:
                row = listed(ref, receipt.bill)
                if row and not receipt.is_listed(row.invoice.paid):
                    facts = {
                        "number": row.invoice.number,
                        "amount": amount(receipt.cents),
                        "day": f"{receipt.on:%d/%m/%Y}",
                    }
                    yield anomaly("invoice_paid_unlisted", ref, row, **facts)


def _of_family(
    services: Services, reading: InvoiceReading, aliases: dict[str, dict[AccountRef, AccountRef]]
) -> InvoiceReading:
    """Give an invoice listed under a further identifier to its family's account."""
    if reading.ref is None:
        return reading
    if (site := reading.ref.site) not in aliases:
        aliases[site] = aliases_among(services.accounts.entries(site))
    ref = aliases[site].get(reading.ref, reading.ref)
    return replace(reading, ref=ref, listed=reading.listed and replace(reading.listed, ref=ref))


def _check_owners(
    invoices: Iterator[ListedInvoice | Anomaly], on_file: Mapping[AccountRef, Bills]
) -> Iterator[ListedInvoice | Anomaly]:
    """Report an invoice whose number another family has on file."""
    holders = {invoice.number_key: ref for ref, bills in on_file.items() for invoice in bills.invoices}
    for entry in invoices:
        if isinstance(entry, Anomaly) or holders.get(entry.invoice.number_key, entry.ref) == entry.ref:
            yield entry
            continue
        holder = holders[entry.invoice.number_key]
        facts = {"number": entry.invoice.number, "identifier": holder.identifier, "site": holder.site}
        yield Anomaly("invoice_of_another", "error", entry.line, ("number", 1), entry.ref, facts)
