"""The list of invoices surveyed before any write: its anomalies, and the invoices already stored."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Bills, Invoice
from chalicelib.domain.billing.invoice_rows import InvoiceList, ListedInvoice, read_invoice
from chalicelib.domain.roster.yearly_file import Anomaly, Column, YearlyFile
from chalicelib.office.account import pseudonym
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster import anomalies
from chalicelib.office.roster.survey import site_names
from chalicelib.services.family import Services
from chalicelib.values import frozen

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


ANOMALIES: Final = {
    "invoice_without_number": "Il n'y a pas de numéro de facture.",
    "invoice_number_unreadable": "« {number} » n'est pas un numéro de facture.",
    "invoice_without_date": "Il n'y a pas de date de facture.",
    "invoice_date_unreadable": "« {date} » n'est pas une date ; exemple : 28/02/2026.",
    "invoice_without_amount": "Il n'y a pas de montant.",
    "invoice_amount_unreadable": "« {amount} » n'est pas un montant sûr ; exemple : 1 234,50.",
    "payment_without_date": "Il y a un montant payé, mais pas de date de paiement.",
    "payment_without_amount": "Il y a une date de paiement, mais pas de montant payé.",
    "invoice_of_two_families": "Le numéro {number} est aussi celui d'une autre famille, ligne {line}.",
    "invoice_contradicts": "La ligne {line} porte le même numéro ({number}) et dit autre chose de la facture.",
    "invoice_row_left_out": "Une autre ligne de la facture {number} est laissée de côté : la ligne {line}.",
    "invoice_repeated": "La ligne {line} répète un paiement de la facture {number} : s'il y en a eu deux le même jour, "
    "réunissez-les ; sinon, retirez une ligne.",
    "invoice_of_another": "Le numéro {number} est déjà au dossier d'une autre famille : {identifier} ({site}).",
    "invoice_family_unknown": "Aucune famille n'a l'identifiant {identifier} au site {site}.",
    "invoice_without_pdf": "Le dossier n'a pas de PDF au numéro {number}.",
    "invoice_pdf_twice": "Plusieurs PDF du dossier portent le numéro {number}.",
    "invoice_pdf_not_one": "Le fichier de la facture {number} n'est pas un PDF.",
    "invoice_pdf_cut_short": "Le PDF de la facture {number} est incomplet : exportez-le à nouveau.",
    "invoice_pdf_too_big": "Le PDF de la facture {number} est démesuré : plus de 20 Mo.",
}
_LEFT_OUT: Final = "La facture est laissée de côté."

# The names of columns that the file does not have.
COLUMNS: Final = {
    "site": "Site",
    "identifier": "Identifiant",
    "number": "Numéro",
    "issued_on": "Date",
    "due_on": "Échéance",
    "label": "Libellé",
    "amount": "Montant",
    "paid_on": "Payé le",
    "paid": "Montant payé",
    "how": "Mode",
}


def sentence(anomaly: Anomaly) -> str:
    """Describe an anomaly, and its effect on the invoice."""
    if anomaly.code not in ANOMALIES:
        return anomalies.sentence(anomaly)
    return f"{ANOMALIES[anomaly.code].format(**anomaly.facts)} {_LEFT_OUT}"


def heading(column: Column | None, headings: Mapping[Column, str]) -> str:
    """Name a column as the file does."""
    return headings.get(column, COLUMNS[column[0]]) if column else ""


ReportAnomaly = Callable[[Anomaly], None]


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

    def bills_of(self, ref: AccountRef) -> Bills:
        """Find the stored bills of a family."""
        return self.on_file.get(ref, Bills())


def survey_invoices(services: Services, file: YearlyFile, report: ReportAnomaly) -> InvoiceSurvey:
    """Read the list once, and the bills of the mentioned sites. Raises `OfficeRefusal` if it is empty."""
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
    for item in _check_owners(read.invoices(), on_file):
        if isinstance(item, Anomaly):
            report(item)
        else:
            families[item.ref] = (*families.get(item.ref, ()), item)
    return InvoiceSurvey(families, on_file, read.number_keys, read.rows)


def _check_owners(
    listed: Iterator[ListedInvoice | Anomaly], on_file: Mapping[AccountRef, Bills]
) -> Iterator[ListedInvoice | Anomaly]:
    """Report an invoice whose number another family has on file."""
    holders = {invoice.number_key: ref for ref, bills in on_file.items() for invoice in bills.invoices}
    for entry in listed:
        if isinstance(entry, Anomaly) or holders.get(entry.invoice.number_key, entry.ref) == entry.ref:
            yield entry
            continue
        other = holders[entry.invoice.number_key]
        facts = {"number": entry.invoice.number, "identifier": other.identifier, "site": other.site}
        yield Anomaly("invoice_of_another", "error", entry.line, ("number", 1), entry.ref, facts)
