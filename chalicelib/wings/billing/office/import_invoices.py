"""The list of invoices: surveyed, then imported. Invoices are new, changed or unchanged.

After a crash, it can be run again. A PDF is stored before a bill names it.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import Final, Literal, get_args

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.infra.batches import batches
from chalicelib.office.account import audit, check_author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.domain.invoice_rows import ListedInvoice
from chalicelib.wings.billing.office.survey import InvoiceSurvey, Pdfs, UnusablePdf, folder_of, key_of, store
from chalicelib.wings.billing.stores import Billing


def remove_invoice(services: Services, ref: AccountRef, code: str, author: Author, now: datetime) -> Invoice:
    """Remove an invoice by its code: first its PDF, then itself, so that it can be repeated after a fault.

    Raises `OfficeRefusal` if the family has no such invoice.
    """
    author = check_author(author)
    bills = services.store(Billing).find(ref)
    invoice = bills.by_code(code)
    if invoice is None:
        raise OfficeRefusal("invoice_unknown")
    audit(services, ref, "invoice_removed", Author(author.who, f"{invoice.number} : {author.why}"), now)
    if invoice.document:
        services.documents.delete_under(invoice.document)
    services.store(Billing).revise(bills, lambda current: current.without(invoice.number))
    return invoice


Kind = Literal["new", "changed", "unchanged", "absent"]
Field = Literal["issued_on", "due_on", "label", "cents", "payments", "document", "instalments", "plan"]

FIELDS: Final[tuple[Field, ...]] = get_args(Field)
AT_ONCE: Final = 100  # the limit of BatchGetItem
THREADS: Final = 8  # botocore keeps ten connections


@frozen
class InvoiceChange:
    """One invoice compared with the stored one. `before`: the stored one, if it changed."""

    kind: Kind
    ref: AccountRef
    invoice: Invoice = field(repr=False)
    line: int | None = None
    before: Invoice | None = field(default=None, repr=False)

    @property
    def changed_fields(self) -> tuple[Field, ...]:
        """The fields that differ."""
        before = self.before
        if before is None:
            return ()
        return tuple(name for name in FIELDS if getattr(before, name) != getattr(self.invoice, name))


InvoiceEvent = InvoiceChange | Anomaly


@frozen
class InvoiceImport:
    """The context of one run."""

    services: Services
    survey: InvoiceSurvey
    pdfs: Pdfs
    apply: bool = False


def carry_out(run: InvoiceImport, report: Callable[[InvoiceEvent], None]) -> None:
    """Compare each invoice with the stored one, and write if requested. Raises `Unavailable`."""
    with ThreadPoolExecutor(THREADS) as pool:
        for batch in batches(run.survey.families.items(), AT_ONCE):
            import_batch(run, pool, batch, report)
    report_absent(run, report)


def import_batch(
    run: InvoiceImport,
    pool: Executor,
    batch: Iterable[tuple[AccountRef, tuple[ListedInvoice, ...]]],
    report: Callable[[InvoiceEvent], None],
) -> None:
    """Compare the invoices of some families, and write if requested. Idempotent. Raises `Unavailable`."""
    refs, invoices = zip(*batch, strict=True)
    accounts = run.services.database.read_together(*map(run.services.accounts.lookup, refs))
    for events in pool.map(partial(_import, run), invoices, accounts):
        for event in events:
            report(event)


def report_absent(run: InvoiceImport, report: Callable[[InvoiceEvent], None]) -> None:
    """Report the stored invoices that the list does not have."""
    for ref, invoice in run.survey.absent:
        report(InvoiceChange("absent", ref, invoice))


def _import(run: InvoiceImport, rows: tuple[ListedInvoice, ...], account: Account | None) -> tuple[InvoiceEvent, ...]:
    """Update one family's bills from the list."""
    if account is None:
        return tuple(_error("invoice_family_unknown", invoice) for invoice in rows)
    if account.role != "family":
        return tuple(_error("row_not_a_family", invoice) for invoice in rows)
    before = run.survey.bills_of(account.ref)
    fit: list[ListedInvoice] = []
    wrong: list[Anomaly] = []
    for invoice in rows:
        try:
            fit.append(_with_pdf(run, invoice, before))
        except UnusablePdf as unfit:
            wrong.append(_error(unfit.code, invoice))
    if run.apply and fit:
        before = _write(run.services, account.ref, tuple(listed_invoice.invoice for listed_invoice in fit), before)
    return (*(_compare(invoice, before) for invoice in fit), *wrong)


def _with_pdf(run: InvoiceImport, row: ListedInvoice, before: Bills) -> ListedInvoice:
    """Store the PDF of an invoice if it is new, and name it. A stored one may be missing in the folder."""
    former = before.by_number(row.invoice.number)
    document = former.document if former else ""
    try:
        pdf = run.pdfs(row.invoice)
    except UnusablePdf as unfit:
        if unfit.code != "invoice_without_pdf" or not document:
            raise
    else:
        key = key_of(run.services, row.ref, row.invoice, pdf)
        if run.apply and key != document:
            store(run.services, key, pdf)
        document = key
    return replace(row, invoice=replace(row.invoice, document=document))


def _write(services: Services, ref: AccountRef, invoices: tuple[Invoice, ...], former: Bills) -> Bills:
    """Write the bills of a family, and return the former ones. If it is erased concurrently, nothing is left."""
    before, _ = services.store(Billing).revise(former, lambda current: current.with_listed(invoices))
    if before.with_listed(invoices).invoices != before.invoices and services.accounts.find(ref) is None:
        services.database.write_together(services.store(Billing).delete(ref))
        services.documents.delete_under(folder_of(services, ref))
    return before


def _compare(row: ListedInvoice, before: Bills) -> InvoiceChange:
    former = before.by_number(row.invoice.number)
    if former is None:
        return InvoiceChange("new", row.ref, row.invoice, row.line)
    kind: Kind = "unchanged" if former == row.invoice else "changed"
    return InvoiceChange(kind, row.ref, row.invoice, row.line, former if kind == "changed" else None)


def _error(code: str, row: ListedInvoice) -> Anomaly:
    facts = {"number": row.invoice.number, "identifier": row.ref.identifier, "site": row.ref.site}
    return Anomaly(code, "error", row.line, ("number", 1), row.ref, facts)
