"""The list of invoices surveyed before anything is written: what is wrong in it, and what is on file already."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Bills, Invoice
from chalicelib.domain.billing.invoice_list import InvoiceList
from chalicelib.domain.billing.invoice_rows import ListedInvoice, read_invoice
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.survey import site_names
from chalicelib.services.family import Services
from chalicelib.values import frozen

ReportAnomaly = Callable[[Anomaly], None]


@frozen
class InvoiceSurvey:
    """What the list has of each family, how many rows it has, and the bills on file at the sites it mentions."""

    families: Mapping[AccountRef, tuple[ListedInvoice, ...]] = field(repr=False)
    on_file: Mapping[AccountRef, Bills] = field(repr=False)
    marks: frozenset[str] = field(repr=False)
    rows: int

    @property
    def invoices(self) -> int:
        """How many invoices can be taken."""
        return sum(map(len, self.families.values()))

    @property
    def absent(self) -> Iterator[tuple[AccountRef, Invoice]]:
        """What is on file and no more in the list: it stays."""
        for ref, bills in self.on_file.items():
            yield from ((ref, invoice) for invoice in bills.invoices if invoice.number_key not in self.marks)

    def bills_of(self, ref: AccountRef) -> Bills:
        """Find what is on file of a family."""
        return self.on_file.get(ref, Bills())


def survey_invoices(services: Services, file: YearlyFile, report: ReportAnomaly) -> InvoiceSurvey:
    """Read the list once, and the bills of the sites it mentions. Raises `OfficeRefusal` where it lists nothing."""
    read = InvoiceList()
    sites = site_names(services.settings.network)
    for row in file.rows():
        reading = read_invoice(row, sites)
        for anomaly in reading.anomalies:
            report(replace(anomaly, facts={"number": reading.number, **anomaly.facts}))
        read.add(reading)
    if not read.rows:
        raise OfficeRefusal("invoices_without_rows")
    on_file = {ref: bills for site in read.sites for ref, bills in services.billing.all(site)}
    families: dict[AccountRef, tuple[ListedInvoice, ...]] = {}
    for found in _check_owners(read.invoices(), on_file):
        if isinstance(found, Anomaly):
            report(found)
        else:
            families[found.ref] = (*families.get(found.ref, ()), found)
    return InvoiceSurvey(families, on_file, read.number_keys, read.rows)


def _check_owners(
    listed: Iterator[ListedInvoice | Anomaly], on_file: Mapping[AccountRef, Bills]
) -> Iterator[ListedInvoice | Anomaly]:
    """Stop an invoice whose number another family has on file."""
    holders = {invoice.number_key: ref for ref, bills in on_file.items() for invoice in bills.invoices}
    for entry in listed:
        if isinstance(entry, Anomaly) or holders.get(entry.invoice.number_key, entry.ref) == entry.ref:
            yield entry
            continue
        other = holders[entry.invoice.number_key]
        facts = {"number": entry.invoice.number, "identifier": other.identifier, "site": other.site}
        yield Anomaly("invoice_of_another", "error", entry.line, ("number", 1), entry.ref, facts)
