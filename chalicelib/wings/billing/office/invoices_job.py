"""Invoices as a job of the desk: the survey and import of `clef invoices import`, from one ZIP, batch by batch.

As for families, a batch's outcome is stored before the batch is written, so a worker that resumes notes nothing twice.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.infra.batches import batches
from chalicelib.office.files.open_file import open_file
from chalicelib.office.jobs.imports import audit_job, work_on_file
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import Report
from chalicelib.office.jobs.uploads import report_so_far, save_progress
from chalicelib.wings.billing.office.import_invoices import (
    AT_ONCE,
    THREADS,
    InvoiceEvent,
    InvoiceImport,
    import_batch,
    report_absent,
)
from chalicelib.wings.billing.office.invoice_columns import INVOICES
from chalicelib.wings.billing.office.invoice_pdfs import open_invoices
from chalicelib.wings.billing.office.survey import survey_invoices

# Writes an event as lines, with the file's headings.
LinesOf = Callable[[InvoiceEvent, Mapping[Column, str]], Sequence[tuple[int | str, ...]]]


def work_on_invoices(lines_of: LinesOf, run: JobRun) -> JobOutcome | None:
    """Survey a list of invoices with its PDFs, or import it."""
    return work_on_file(run, partial(_carry_on, lines_of))


def _carry_on(lines_of: LinesOf, run: JobRun, path: Path) -> Report | None:
    services, report, is_new = run.services, report_so_far(run), not run.job.cursor
    with open_invoices(path) as (list_path, pdfs):
        file = open_file(list_path, services.settings.network, layout=INVOICES)

        def note(event: InvoiceEvent) -> None:
            kind = event.severity if isinstance(event, Anomaly) else event.kind
            site = "" if isinstance(event, Anomaly) else event.ref.site
            report.note(kind, site, () if kind == "unchanged" else lines_of(event, file.headings))

        survey = survey_invoices(services, file, note if is_new else _ignore)
        if is_new:
            report.facts = {"rows": survey.rows, "ignored": file.ignored}
            audit_job(run, "invoices_imported")
        trial = InvoiceImport(services, survey, pdfs)
        if not _go_through(run, trial, report, note):
            return None
        report_absent(trial, note)
        for anomaly in pdfs.unlisted(survey.number_keys):
            note(anomaly)
    return report


def _go_through(run: JobRun, trial: InvoiceImport, report: Report, note: Callable[[InvoiceEvent], None]) -> bool:
    """Process the batches from the cursor on. False if time is up."""
    start, applies, of = run.job.cursor.get("batch", 0), run.job.state == "applying", len(trial.survey.families)
    with ThreadPoolExecutor(THREADS) as pool:
        for number, batch in enumerate(batches(trial.survey.families.items(), AT_ONCE), 1):
            if number < start + (not applies):
                continue
            is_over = number > start and not run.has_time()
            if number > start:
                import_batch(trial, pool, batch, note)
                save_progress(run, report, number, min(number * AT_ONCE, of), of)
            if applies:
                import_batch(replace(trial, apply=True), pool, batch, _ignore)
            if is_over:
                return False
    return True


def _ignore(_: Any) -> None:  # noqa: ANN401 - an event or an anomaly
    """Note nothing: another turn has noted it."""
