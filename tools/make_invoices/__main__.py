"""`python -m tools.make_invoices FOLDER`: a list and its PDFs, for the families of `make run` or any number more."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from chalicelib.domain.billing.bills import Invoice
from chalicelib.settings import load_network
from tools.local.families import FAMILIES
from tools.make_families.listing import Summary, Wanted, listing
from tools.make_families.writing import write_csv
from tools.make_invoices.bills import bills
from tools.make_invoices.paper import invoice_pdf

_HEADINGS: Final = (
    *("Site", "Identifiant", "Numéro", "Date", "Échéance", "Libellé", "Montant"),
    *("Payé le", "Montant payé", "Mode"),
)
_NUMBERS_EACH: Final = 10
_SLIPS_EVERY: Final = 25

Billed = tuple[str, str, str]  # site, identifier, name


def main() -> None:
    """Make the list and the PDFs, and say how many."""
    asked = _parser().parse_args()
    network = load_network()
    pdfs = asked.folder / "pdf"
    pdfs.mkdir(parents=True, exist_ok=True)
    rows: list[Sequence[str]] = [_HEADINGS]
    count = 0
    for place, (site, identifier, name) in enumerate(_families(asked.families, asked.seed)):
        for invoice in bills(asked.seed, 1 + place * _NUMBERS_EACH, asked.today):
            has_slip = asked.anomalies and place % _SLIPS_EVERY == _SLIPS_EVERY // 2
            rows.append(_row(site, identifier, invoice, has_slip=has_slip))
            (pdfs / f"{invoice.number}.pdf").write_bytes(invoice_pdf(network.name, name, invoice))
            count += 1
    write_csv(rows, asked.folder / "factures.csv", "utf-8-sig", ";")
    print(f"{asked.folder / 'factures.csv'}: {count} invoices, and their PDFs in {pdfs}")


def _families(count: int | None, seed: int) -> Iterator[Billed]:
    if count is None:
        yield from ((each.site, each.identifier, each.name) for each in FAMILIES)
        return
    sites = tuple(site.code for site in load_network().sites)
    for made in listing(Wanted(count, seed, sites), Summary()):
        yield made.site, made.identifier, made.name


def _row(site: str, identifier: str, invoice: Invoice, *, has_slip: bool) -> Sequence[str]:
    payment = invoice.payments[0] if invoice.payments else None
    return (
        *(site, identifier, invoice.number, _day(invoice.issued_on), _day(invoice.due_on), invoice.label),
        "environ 100" if has_slip else _amount(invoice.cents),
        *((_day(payment.on), _amount(payment.cents), payment.how) if payment else ("", "", "")),
    )


def _day(when: date | None) -> str:
    return f"{when:%d/%m/%Y}" if when else ""


def _amount(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.make_invoices", description="Make fictitious invoices.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--families", type=int, metavar="N", help="those of make_families, not those of `make run`")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same invoices")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 9, 1), help="the day they are made on")
    parser.add_argument("--anomalies", action="store_true", help="plant an unreadable amount in one family of 25")
    return parser


if __name__ == "__main__":
    main()
