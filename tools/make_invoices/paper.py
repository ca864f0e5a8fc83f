"""An invoice as a PDF of one page: the same bytes each time."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from chalicelib.domain.billing.bills import Invoice
from chalicelib.texts import day, euros

_LEFT = 25 * mm
_STEP = 9 * mm


def invoice_pdf(network: str, family: str, invoice: Invoice) -> bytes:
    """Draw an invoice in the network's name."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1, pageCompression=1)
    name = "Avoir" if invoice.cents < 0 else "Facture"
    canvas.setTitle(f"{name} {invoice.number}")
    canvas.setAuthor(network)
    top = A4[1] - 30 * mm
    for size, line in _lines(network, family, name, invoice):
        canvas.setFont("Helvetica-Bold" if size > 11 else "Helvetica", size)  # noqa: PLR2004 - points
        canvas.drawString(_LEFT, top, line)
        top -= _STEP
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def _lines(network: str, family: str, name: str, invoice: Invoice) -> list[tuple[int, str]]:
    return [
        (11, network),
        (16, f"{name} n° {invoice.number}"),
        (11, f"Famille : {family}"),
        (11, f"Date : {day(invoice.issued_on)}"),
        *([(11, f"À payer au plus tard le {day(invoice.due_on)}")] if invoice.due_on else []),
        (11, invoice.label),
        (
            14,
            f"Montant : {euros(invoice.cents).replace(chr(0x2212), '-')}",
        ),  # no minus sign in the fonts of each PDF reader
        (11, "Document fictif, sans valeur."),
    ]
