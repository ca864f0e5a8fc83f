"""What an import of invoices finds, counted and shown in its beginning, or told whole as JSON."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from agency.console import show
from chalicelib.domain.billing.bills import Payment
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.billing.anomalies import heading, sentence
from chalicelib.office.billing.import_invoices import Field, Found, InvoiceFinding
from chalicelib.settings import Network
from chalicelib.texts import day, euros

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
    """Told of each invoice and each anomaly."""

    def __init__(self, headings: Mapping[Column, str]) -> None:
        self._headings = headings
        self._told: list[Found] = []
        self._lines: dict[str, list[_Line]] = defaultdict(list)
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()

    @property
    def done(self) -> int:
        """How many invoices of the list were looked at."""
        return sum(self.kinds[kind] for kind in ("new", "changed", "unchanged"))

    def __call__(self, told: Found) -> None:
        """Note what was found."""
        kind = "error" if isinstance(told, Anomaly) else told.kind
        self._told.append(told)
        self.kinds[kind] += 1
        if not isinstance(told, Anomaly):
            self.sites[told.ref.site, kind] += 1
        if kind != "unchanged":
            self._lines[kind].extend(self._lines_of(told))

    def as_data(self) -> dict[str, Any]:
        """Give counts and all entries as JSON can hold them."""
        counts = {kind: self.kinds[kind] for kind in KINDS}
        return {"counts": counts, "entries": [self._data_of(each) for each in self._told]}

    def show(self, network: Network) -> None:
        """Show counts by site, then the beginning of each list."""
        rows = [(site.name, *(self.sites[site.code, kind] for kind in _BY_SITE)) for site in network.sites]
        total = ("Ensemble", *(self.kinds[kind] for kind in _BY_SITE))
        show.table("", ["Site", "Nouvelles", "Changées", "Inchangées", "Absentes"], [*rows, total])
        for kind in ("error", "changed", "absent", "new"):
            lines = self._lines[kind]
            if lines:
                self._show_list(kind, lines)

    def _show_list(self, kind: str, lines: list[_Line]) -> None:
        show.say("")
        used = [place for place in range(len(_HEADINGS)) if any(line[place] for line in lines[:_SHOWN])]
        rows = [[line[place] for place in used] for line in lines[:_SHOWN]]
        show.table(f"{KINDS[kind]} : {self.kinds[kind]}", [_HEADINGS[place] for place in used], rows)
        if len(lines) > _SHOWN:
            show.say(f"… ce sont les {_SHOWN} premières lignes ; pour toutes : --json")

    def _lines_of(self, told: Found) -> list[_Line]:
        site, identifier = (told.ref.site, told.ref.identifier) if told.ref else ("", "")
        if isinstance(told, Anomaly):
            number = str(told.facts.get("number", ""))
            column = heading(told.column, self._headings)
            return [(told.line, site, identifier, number, column, "", "", sentence(told))]
        own = (told.line or "", site, identifier, told.invoice.number)
        if told.before is None:
            return [(*own, "", "", "", f"{euros(told.invoice.cents)}, du {day(told.invoice.issued_on)}")]
        before, after = told.before, told.invoice
        return [
            (*own, FIELDS[each], _text(getattr(before, each), each), _text(getattr(after, each), each), "")
            for each in told.changed
        ] or [(*own, "Numéro", before.number, after.number, "")]

    def _data_of(self, told: Found) -> dict[str, Any]:
        own: dict[str, Any] = {"line": told.line}
        own |= {"site": told.ref.site, "identifier": told.ref.identifier} if told.ref else {}
        if isinstance(told, InvoiceFinding):
            return {"kind": told.kind, **own, "number": told.invoice.number, "changed": told.changed}
        column = heading(told.column, self._headings)
        return {"kind": "error", **own, "code": told.code, "column": column, "sentence": sentence(told)}


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
