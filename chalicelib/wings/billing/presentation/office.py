"""The findings of an import of invoices: the list of each, and its lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.presentation.office.anomalies import sentence
from chalicelib.presentation.office.job_reports import ReportWords, ignored
from chalicelib.presentation.texts import day, euros

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.office.jobs.jobs import Report
    from chalicelib.wings.billing.domain.bills import Due, Payment
    from chalicelib.wings.billing.office.import_invoices import Field, InvoiceEvent

KINDS: Final = {
    "new": "Nouvelles",
    "changed": "Changées",
    "unchanged": "Inchangées",
    "absent": "Absentes du fichier (elles restent au dossier)",
    "error": "Erreurs (laissées de côté)",
    "warning": "À vérifier : paiements en ligne, PDF sans ligne (laissés de côté)",
}
FIELDS: Final[dict[Field, str]] = {
    "issued_on": "Date",
    "due_on": "Échéance",
    "label": "Libellé",
    "cents": "Montant",
    "payments": "Paiements",
    "document": "PDF",
    "instalments": "Échéances",
    "plan": "Échéancier",
}
HEADINGS: Final = ("Ligne", "Site", "Identifiant", "Numéro", "Colonne", "Au dossier", "Dans le fichier", "Remarque")
Line = tuple[int | str, str, str, str, str, str, str, str]


def invoice_lines(event: InvoiceEvent, headings: Mapping[Column, str]) -> list[Line]:
    """Format an invoice or an anomaly as lines under `HEADINGS`: one, or one for each field that differs."""
    site, identifier = (event.ref.site, event.ref.identifier) if event.ref else ("", "")
    if isinstance(event, Anomaly):
        number = str(event.facts.get("number", ""))
        column = headings[event.column] if event.column else ""
        return [(event.line or "", site, identifier, number, column, "", "", sentence(event))]
    cells = (event.line or "", site, identifier, event.invoice.number)
    if event.before is None:
        return [(*cells, "", "", "", f"{euros(event.invoice.cents)}, du {day(event.invoice.issued_on)}")]
    before, after = event.before, event.invoice
    return [
        (*cells, FIELDS[field], _text(getattr(before, field), field), _text(getattr(after, field), field), "")
        for field in event.changed_fields
    ] or [(*cells, "Numéro", before.number, after.number, "")]


def _sentences(report: Report) -> Iterator[str]:
    invoices = sum(report.kinds[kind] for kind in ("new", "changed", "unchanged"))
    yield f"Lignes lues : {report.facts['rows']}. Factures : {invoices} ; erreurs : {report.kinds['error']}."
    yield from ignored(report)
    if report.kinds["absent"]:
        yield "Les factures absentes du fichier restent au dossier des familles."


REPORT: Final = ReportWords(
    "Factures et leurs PDF",
    "Ce que ce fichier changerait",
    "Factures, site par site",
    KINDS,
    ("new", "changed", "unchanged", "absent"),
    ("error", "warning", "changed", "absent", "new"),
    HEADINGS,
    _sentences,
    invoice_lines,
)


def _text(value: object, of: Field) -> str:
    match value:
        case int():
            return euros(value)
        case date():
            return day(value)
        case tuple():
            return " ; ".join(map(_payment, value)) or "aucun"
        case _:
            return ("oui" if value else "aucun") if of == "document" else str(value or "")


def _payment(payment: Payment | Due) -> str:
    how = f" ({how})" if (how := getattr(payment, "how", "")) else ""
    return f"{euros(payment.cents)} le {day(payment.on)}{how}"
