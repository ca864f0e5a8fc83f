"""`clef invoices import`: the list of invoices and the folder of their PDFs, to the families' files."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, SiteOfFile, Stage
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.yearly_file import Anomaly, Column, YearlyFile
from chalicelib.office.files.open_file import open_file
from chalicelib.presentation.office.anomalies import sentence
from chalicelib.settings.environment import Network
from chalicelib.wings.billing.office.import_invoices import InvoiceChange, InvoiceEvent, InvoiceImport, carry_out
from chalicelib.wings.billing.office.invoice_columns import INVOICES
from chalicelib.wings.billing.office.invoice_pdfs import pdfs_in_folder
from chalicelib.wings.billing.office.survey import InvoiceSurvey, survey_invoices
from chalicelib.wings.billing.presentation.office import HEADINGS, KINDS, Line, invoice_lines

_BY_SITE: Final = ("new", "changed", "unchanged", "absent")
_SHOWN: Final = 20  # lines of each list


class InvoiceReport:
    """Called with each invoice and each anomaly."""

    def __init__(self, headings: Mapping[Column, str]) -> None:
        self._headings = headings
        self._events: list[InvoiceEvent] = []
        self._lines: dict[str, list[Line]] = defaultdict(list)
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()

    @property
    def count(self) -> int:
        """The number of invoices of the list compared so far."""
        return sum(self.kinds[kind] for kind in ("new", "changed", "unchanged"))

    def __call__(self, event: InvoiceEvent) -> None:
        """Record an invoice or an anomaly."""
        kind = event.severity if isinstance(event, Anomaly) else event.kind
        self._events.append(event)
        self.kinds[kind] += 1
        if not isinstance(event, Anomaly):
            self.sites[event.ref.site, kind] += 1
        if kind != "unchanged":
            self._lines[kind].extend(invoice_lines(event, self._headings))

    def as_json(self) -> dict[str, Any]:
        """List counts and all entries for JSON."""
        counts = {kind: self.kinds[kind] for kind in KINDS}
        return {"counts": counts, "entries": [self._data_of(entry) for entry in self._events]}

    def show(self, network: Network) -> None:
        """Show counts by site, then the beginning of each list."""
        rows = [(site.name, *(self.sites[site.code, kind] for kind in _BY_SITE)) for site in network.sites]
        total = ("Ensemble", *(self.kinds[kind] for kind in _BY_SITE))
        output.table("", ["Site", "Nouvelles", "Changées", "Inchangées", "Absentes"], [*rows, total])
        for kind in ("error", "warning", "changed", "absent", "new"):
            lines = self._lines[kind]
            if lines:
                self._show_list(kind, lines)

    def _show_list(self, kind: str, lines: list[Line]) -> None:
        output.say("")
        used = [place for place in range(len(HEADINGS)) if any(line[place] for line in lines[:_SHOWN])]
        rows = [[line[place] for place in used] for line in lines[:_SHOWN]]
        output.table(f"{KINDS[kind]} : {self.kinds[kind]}", [HEADINGS[place] for place in used], rows)
        if len(lines) > _SHOWN:
            output.say(f"… ce sont les {_SHOWN} premières lignes ; pour toutes : --json")

    def _data_of(self, event: InvoiceEvent) -> dict[str, Any]:
        data: dict[str, Any] = {"line": event.line or None}
        data |= {"site": event.ref.site, "identifier": event.ref.identifier} if event.ref else {}
        if isinstance(event, InvoiceChange):
            return {"kind": event.kind, **data, "number": event.invoice.number, "changed": event.changed_fields}
        column = self._headings[event.column] if event.column else ""
        return {"kind": event.severity, **data, "code": event.code, "column": column, "sentence": sentence(event)}


File = Annotated[Path, typer.Argument(metavar="FICHIER", help="La liste des factures, CSV ou XLSX.")]
Pdfs = Annotated[Path, typer.Option("--pdfs", metavar="DOSSIER", help="Le dossier des PDF, nommés par leur numéro.")]


def import_invoices(
    file: File,
    *,
    pdfs: Pdfs,
    apply: Apply = False,
    site: SiteOfFile = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Lire la liste des factures : nouvelles, changées, et ce qui cloche ; --apply les met au dossier des familles.

    Exemple : clef invoices import factures-2027.csv --pdfs factures
    """
    services = connect(stage).services
    invoice_list = open_file(file, services.settings.network, site, INVOICES)
    results = InvoiceReport(invoice_list.headings)
    with output.progress("Lecture") as advance:
        survey = survey_invoices(
            services, replace(invoice_list, rows=lambda: advance.over(invoice_list.rows())), results
        )
    named_pdfs = pdfs_in_folder(pdfs)
    _carry_out(InvoiceImport(services, survey, named_pdfs, apply), results)
    for anomaly in named_pdfs.unlisted(survey.number_keys):
        results(anomaly)
    if as_json:
        facts = {"applied": apply, "rows": survey.rows, "headings_ignored": invoice_list.ignored}
        output.print_json({**facts, **results.as_json()})
    else:
        results.show(services.settings.network)
        for sentence in _sentences(invoice_list, survey, results, apply=apply):
            output.say(sentence)
    if results.kinds["error"]:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def _carry_out(run: InvoiceImport, results: InvoiceReport) -> None:
    invoices = run.survey.invoices
    with output.progress("Enregistrement" if run.apply else "Comparaison", invoices) as advance:

        def count(event: InvoiceEvent) -> None:
            results(event)
            advance(not isinstance(event, InvoiceChange) or event.kind != "absent")

        try:
            carry_out(run, count)
        except (KeyboardInterrupt, Unavailable):
            output.note(f"Factures faites : {results.count} sur {invoices}.")
            raise


def _sentences(file: YearlyFile, survey: InvoiceSurvey, results: InvoiceReport, *, apply: bool) -> Iterator[str]:
    """Describe the file, the changes made, and the next steps."""
    yield ""
    yield f"Lignes lues : {survey.rows}. Factures : {results.count} ; erreurs : {results.kinds['error']}."
    if file.ignored:
        yield f"Colonnes ignorées : {', '.join(file.ignored)}."
    if results.kinds["absent"]:
        yield "Les factures absentes du fichier restent au dossier des familles."
    yield "C'est enregistré." if apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."
