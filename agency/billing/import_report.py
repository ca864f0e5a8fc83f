"""What an import of invoices finds: counted and shown in its beginning, or whole as JSON."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from agency.console import output
from chalicelib.domain.billing.bills import Payment
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.billing.anomalies import heading, sentence
from chalicelib.office.billing.import_invoices import Field, InvoiceChange, InvoiceEvent
from chalicelib.presentation.texts import day, euros
from chalicelib.settings.environment import Network

KINDS: Final = {
    "new": "Nouvelles",
    "changed": "Changées",
    "unchanged": "Inchangées",
    "absent": "Absentes du fichier (elles restent au dossier)",
    "error": "Erreurs (laissées de côté)",
}
FIELDS: Final[dict[Field, str]] = {
    "issued_on": "Date",
    "due_on": "Échéance",
    "label": "Libellé",
    "cents": "Montant",
    "payments": "Paiements",
    "document": "PDF",
}
_BY_SITE: Final = ("new", "changed", "unchanged", "absent")
_SHOWN: Final = 20  # lines of each list
_HEADINGS: Final = ("Ligne", "Site", "Identifiant", "Numéro", "Colonne", "Au dossier", "Dans le fichier", "Remarque")
_Line = tuple[int | str, str, str, str, str, str, str, str]


class InvoiceReport:
    """Called with each invoice and each anomaly."""

    def __init__(self, headings: Mapping[Column, str]) -> None:
        self._headings = headings
        self._told: list[InvoiceEvent] = []
        self._lines: dict[str, list[_Line]] = defaultdict(list)
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()

    @property
    def done(self) -> int:
        """How many invoices of the list were looked at."""
        return sum(self.kinds[kind] for kind in ("new", "changed", "unchanged"))

    def __call__(self, event: InvoiceEvent) -> None:
        """Note what was found."""
        kind = "error" if isinstance(event, Anomaly) else event.kind
        self._told.append(event)
        self.kinds[kind] += 1
        if not isinstance(event, Anomaly):
            self.sites[event.ref.site, kind] += 1
        if kind != "unchanged":
            self._lines[kind].extend(self._lines_of(event))

    def as_json(self) -> dict[str, Any]:
        """List counts and all entries as JSON can hold them."""
        counts = {kind: self.kinds[kind] for kind in KINDS}
        return {"counts": counts, "entries": [self._data_of(entry) for entry in self._told]}

    def show(self, network: Network) -> None:
        """Show counts by site, then the beginning of each list."""
        rows = [(site.name, *(self.sites[site.code, kind] for kind in _BY_SITE)) for site in network.sites]
        total = ("Ensemble", *(self.kinds[kind] for kind in _BY_SITE))
        output.table("", ["Site", "Nouvelles", "Changées", "Inchangées", "Absentes"], [*rows, total])
        for kind in ("error", "changed", "absent", "new"):
            lines = self._lines[kind]
            if lines:
                self._show_list(kind, lines)

    def _show_list(self, kind: str, lines: list[_Line]) -> None:
        output.say("")
        used = [place for place in range(len(_HEADINGS)) if any(line[place] for line in lines[:_SHOWN])]
        rows = [[line[place] for place in used] for line in lines[:_SHOWN]]
        output.table(f"{KINDS[kind]} : {self.kinds[kind]}", [_HEADINGS[place] for place in used], rows)
        if len(lines) > _SHOWN:
            output.say(f"… ce sont les {_SHOWN} premières lignes ; pour toutes : --json")

    def _lines_of(self, event: InvoiceEvent) -> list[_Line]:
        site, identifier = (event.ref.site, event.ref.identifier) if event.ref else ("", "")
        if isinstance(event, Anomaly):
            number = str(event.facts.get("number", ""))
            column = heading(event.column, self._headings)
            return [(event.line, site, identifier, number, column, "", "", sentence(event))]
        own = (event.line or "", site, identifier, event.invoice.number)
        if event.before is None:
            return [(*own, "", "", "", f"{euros(event.invoice.cents)}, du {day(event.invoice.issued_on)}")]
        before, after = event.before, event.invoice
        return [
            (*own, FIELDS[field], _text(getattr(before, field), field), _text(getattr(after, field), field), "")
            for field in event.changed_fields
        ] or [(*own, "Numéro", before.number, after.number, "")]

    def _data_of(self, event: InvoiceEvent) -> dict[str, Any]:
        own: dict[str, Any] = {"line": event.line}
        own |= {"site": event.ref.site, "identifier": event.ref.identifier} if event.ref else {}
        if isinstance(event, InvoiceChange):
            return {"kind": event.kind, **own, "number": event.invoice.number, "changed": event.changed_fields}
        column = heading(event.column, self._headings)
        return {"kind": "error", **own, "code": event.code, "column": column, "sentence": sentence(event)}


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


def _payment(payment: Payment) -> str:
    how = f" ({payment.how})" if payment.how else ""
    return f"{euros(payment.cents)} le {day(payment.on)}{how}"
