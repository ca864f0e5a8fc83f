"""The PDFs of invoices: found by number, stored under a key that says nothing and changes with their content."""

import hashlib
from collections.abc import Callable
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Invoice
from chalicelib.office.account import pseudonym
from chalicelib.services.family import Services

FOLDER: Final = "invoices"
PDF: Final = "application/pdf"
Fault = Literal[
    "invoice_without_pdf", "invoice_pdf_twice", "invoice_pdf_not_one", "invoice_pdf_cut_short", "invoice_pdf_too_big"
]
_DIGEST_SIZE: Final = 16  # bytes


class UnusablePdf(Exception):
    """There is no PDF of a number, or none that can be stored."""

    def __init__(self, code: Fault) -> None:
        super().__init__(code)
        self.code: Fault = code


Pdfs = Callable[[Invoice], bytes]  # raises `UnusablePdf`


def folder_of(services: Services, ref: AccountRef) -> str:
    """Build what the keys of a family's PDFs begin with."""
    return f"{FOLDER}/{ref.site}/{pseudonym(services, ref)}/"


def key_of(services: Services, ref: AccountRef, invoice: Invoice, pdf: bytes) -> str:
    """Build the key of a PDF: the same for the same, so that an import begun again finds what it has done."""
    digest = hashlib.blake2b(pdf, digest_size=_DIGEST_SIZE, key=invoice.number_key.encode()[:64]).hexdigest()
    return f"{folder_of(services, ref)}{digest}.pdf"


def store(services: Services, key: str, pdf: bytes) -> None:
    """Store a PDF; twice is as once."""
    services.documents.put(key, pdf, PDF)
