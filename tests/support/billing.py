"""Bills for tests: one of each kind, and their PDFs in the bucket."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.billing.domain.bills import Bills, Invoice, Payment
from chalicelib.wings.billing.stores import Billing
from tests.support.world import ROSSIGNOL, World

PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TODAY: Final = date(2026, 9, 1)  # the world's opening morning
PAID: Final = Invoice(
    "2025-0007", date(2025, 10, 1), 4_500, date(2025, 10, 31), "Droits", (Payment(date(2025, 10, 9), 4_500, "chèque"),)
)
PART_PAID: Final = Invoice(
    "2026-0012", date(2026, 8, 1), 123_450, date(2026, 9, 30), "Cours", (Payment(date(2026, 8, 20), 60_000, "carte"),)
)
TO_PAY: Final = Invoice("2026-0020", date(2026, 8, 25), 18_700, date(2026, 9, 25), "Cours du 2e trimestre")
OVERDUE: Final = Invoice("2026-0003", date(2026, 6, 1), 9_000, date(2026, 8, 31), "Location d'un cor")
CREDIT: Final = Invoice("2026-0015", date(2026, 7, 15), -2_500, None, "Avoir : cours annulé")
ALL: Final = (PAID, PART_PAID, TO_PAY, OVERDUE, CREDIT)


def bill(world: World, *invoices: Invoice, to: AccountRef = ROSSIGNOL) -> Bills:
    """Store invoices for a family."""
    world.services.store(Billing).revise_at(to, partial(Bills.with_listed, new_invoices=invoices))
    return world.services.store(Billing).find(to)


def with_pdfs(world: World, invoices: Iterable[Invoice], to: AccountRef = ROSSIGNOL) -> list[Invoice]:
    """Attach a PDF to each invoice."""
    bills = []
    for invoice in invoices:
        key = f"invoices/{to.site}/{to.identifier}/{invoice.code}.pdf"
        world.services.documents.put(key, PDF + invoice.number.encode(), "application/pdf")
        bills.append(Invoice(**{**vars(invoice), "document": key}))
    return bills
