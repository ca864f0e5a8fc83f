"""The yearly file as a job of the desk: the survey and import of `clef families import`, batch by batch.

A batch's outcome is first noted in the report, which is stored before the batch is written. A worker that resumes from
there writes the batch again, which is idempotent, and notes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.domain.roster.merge import merge_rows
from chalicelib.domain.roster.row_families import ListedFamily
from chalicelib.domain.roster.yearly_file import Anomaly, Column, Row, YearlyFile
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.domain.text import fold
from chalicelib.infra.batches import batches
from chalicelib.office.files.open_file import open_file
from chalicelib.office.jobs.imports import shown_report, work_on_file
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.jobs import Report
from chalicelib.office.jobs.uploads import report_so_far, save_progress
from chalicelib.office.refusals import ConfirmationNeeded, OfficeRefusal
from chalicelib.office.rights.erasure import close_former, erase_former
from chalicelib.office.roster.applied_imports import begin_import, digest_of, finish_import
from chalicelib.office.roster.comparison import REUSED
from chalicelib.office.roster.import_families import (
    AT_ONCE,
    THREADS,
    FamilyImport,
    Finding,
    FormerFamilies,
    former_families,
    import_batch,
    kind_of_finding,
    note_batch_gone,
)
from chalicelib.office.roster.survey import (
    FilePart,
    ImportOptions,
    Survey,
    check_gone,
    readings,
    site_names,
    survey_families,
)
from chalicelib.settings.environment import Network
from chalicelib.values import frozen

_LONGEST_REQUEST: Final = timedelta(seconds=30)  # of a family: the limit of its function
_SAVED_EVERY: Final = 20  # batches, during a survey


@frozen
class _Batch:
    """Some families of the file, with the anomalies between their rows, or some families gone."""

    families: tuple[ListedFamily, ...] = ()
    leavers: tuple[AccountRef, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()

    @property
    def refs(self) -> Iterator[AccountRef]:
        """The keys of their accounts."""
        return chain((family.ref for family in self.families), self.leavers)


# Writes a finding as lines, with the file's headings.
LinesOf = Callable[[Finding, Mapping[Column, str]], Sequence[tuple[int | str, ...]]]


def work_on_families(run: JobRun, lines_of: LinesOf, wings: Sequence[FilePart] = ()) -> JobOutcome | None:
    """Survey the yearly file, or carry it out."""
    return work_on_file(run, partial(_carry_on, lines_of, wings))


def _carry_on(lines_of: LinesOf, wings: Sequence[FilePart], turn: JobRun, path: Path) -> Report | None:
    services, report = turn.services, report_so_far(turn)
    file, count = _of_sites(open_file(path, services.settings.network), services.settings.network, turn.job)
    note = _note_in(report, file, lines_of)
    is_new = not turn.job.cursor
    survey = survey_families(services, file, note if is_new else _ignore, turn.now, wings)
    options = _options(turn)
    if is_new:
        report.leavers = tuple(survey.refs_gone)
        report.facts = _facts(file, survey) | {"others": count}
        if options.apply:
            _check_as_surveyed(turn, survey, report, options)
            begin_import(services, _applied(turn, path, survey))
    run = FamilyImport(services, replace(survey, leavers=_by_identifier(report.leavers)), options, turn.now)
    if turn.job.options.get("reused"):
        run = replace(run, new_families=shown_report(turn).comparison.reuses, erase_former=partial(_erase, turn))
    if not _go_through(turn, run, file, report, note):
        return None
    if options.apply:
        for wing in wings:
            wing.follow(services, survey.index.sites, turn.clock())
        finish_import(services, _applied(turn, path, survey), report.kinds, turn.clock())
    else:
        report.facts |= _questions(survey, report)
    return report


def _of_sites(file: YearlyFile, network: Network, job: DeskJob) -> tuple[YearlyFile, int]:
    """Remove and count the rows of other sites. Raises `OfficeRefusal` if none is left."""
    sites = job.subject.get("sites")
    if sites is None:
        return file, 0
    names = site_names(network)

    def is_of_another(row: Row) -> bool:
        return not row.shifted and names.get(fold(row.cell("site")), sites[0] if sites else "") not in sites

    rest = replace(file, rows=lambda: (row for row in file.rows() if not is_of_another(row)))
    count = sum(map(is_of_another, file.rows()))
    if count and next(rest.rows(), None) is None:
        raise OfficeRefusal("file_of_other_sites", rows=count)
    return rest, count


def _applied(run: JobRun, path: Path, survey: Survey) -> AppliedImport:
    job, index = run.job, survey.index
    return AppliedImport(
        job.id,
        "desk",
        job.confirmed_by,
        run.now,
        digest_of(path),
        rows=index.rows,
        left_out=index.left_out,
        families=index.families,
        counts=job.result,
        disables_gone=_options(run).disable_gone,
    )


def _options(run: JobRun) -> ImportOptions:
    options = run.job.options
    return ImportOptions(
        apply=run.job.state == "applying",
        disable_gone=bool(options.get("disable_gone")),
        is_sure=bool(options.get("is_sure")),
    )


def _check_as_surveyed(run: JobRun, survey: Survey, report: Report, options: ImportOptions) -> None:
    """Refuse if the families gone are no longer those shown, or if the flow refuses."""
    former = shown_report(run)
    if set(former.leavers) != set(report.leavers):
        raise OfficeRefusal("import_accounts_moved")
    check_gone(survey, options)
    for question in former.comparison.questions():
        if not run.job.options.get("reused" if question.code == REUSED else "is_sure"):
            raise question


def _go_through(
    turn: JobRun, run: FamilyImport, file: YearlyFile, report: Report, note: Callable[[Finding], None]
) -> bool:
    """Process the batches from the cursor on. False if time is up."""
    start, of = turn.job.cursor.get("batch", 0), run.survey.index.families + len(report.leavers)
    trial = replace(run, options=replace(run.options, apply=False))
    with ThreadPoolExecutor(THREADS) as pool:
        for number, batch in enumerate(_batches(run, file), 1):
            if number < start + (not run.options.apply):
                continue
            accounts = run.services.database.read_together(*map(run.services.accounts.lookup, batch.refs))
            is_over = number > start and not turn.has_time()
            if number > start:
                for finding in chain(batch.anomalies, _work_on(trial, pool, batch, accounts)):
                    note(finding)
                if run.options.apply or is_over or number % _SAVED_EVERY == 0:
                    save_progress(turn, report, number, min(number * AT_ONCE, of), of)
            if run.options.apply:
                if _waits_for_former(turn, run, batch, accounts, number):
                    save_progress(turn, report, number, min(number * AT_ONCE, of), of, closed=number)
                    return False
                for _ in _work_on(run, pool, batch, accounts):
                    pass
            if is_over:
                return False
    return True


def _waits_for_former(
    turn: JobRun, run: FamilyImport, batch: _Batch, accounts: Sequence[Account | None], number: int
) -> bool:
    """Close the accounts to be given to another family. The next turn erases them, after pending requests end."""
    former = former_families(run, batch.families, accounts) if batch.families else {}
    if not former or turn.job.cursor.get("closed") == number:
        return False
    close_former(run.services, former, run.now)
    turn.rest = _LONGEST_REQUEST
    return True


def _erase(run: JobRun, former: FormerFamilies) -> None:
    erase_former(run.services, former, run.now, lambda: None)


def _batches(run: FamilyImport, file: YearlyFile) -> Iterator[_Batch]:
    """Split the file, then the families gone, always at the same places."""
    anomalies: list[Anomaly] = []
    rows = readings(run.services.settings.network, file, run.now)
    for families in batches(merge_rows(rows, run.survey.index, anomalies.append), AT_ONCE):
        yield _Batch(families, anomalies=tuple(anomalies))
        anomalies.clear()
    for refs in batches(run.survey.refs_gone, AT_ONCE):
        yield _Batch(leavers=refs)


def _work_on(
    run: FamilyImport, pool: Executor, batch: _Batch, accounts: tuple[Account | None, ...]
) -> Iterator[Finding]:
    if batch.families:
        return import_batch(run, pool, batch.families, accounts)
    return note_batch_gone(run, pool, accounts)


def _note_in(report: Report, file: YearlyFile, lines_of: LinesOf) -> Callable[[Finding], None]:
    """Make a function that notes findings. A family that moved to another site is not gone."""

    def note(finding: Finding) -> None:
        if isinstance(finding, Anomaly):
            report.note(kind_of_finding(finding), "", lines_of(finding, file.headings))
            return
        report.comparison.note(finding)
        if finding.moved_from:
            report.movers.add(finding.moved_from)
        if finding.kind != "gone" or finding.ref not in report.movers:
            lines = () if finding.kind == "unchanged" else lines_of(finding, file.headings)
            report.note(finding.kind, finding.ref.site, lines)

    return note


def _ignore(_: Anomaly) -> None:
    """Note nothing: the first turn has noted it."""


def _by_identifier(refs: Iterable[AccountRef]) -> dict[str, tuple[AccountRef, ...]]:
    groups: dict[str, tuple[AccountRef, ...]] = {}
    for ref in refs:
        groups[ref.identifier] = (*groups.get(ref.identifier, ()), ref)
    return groups


def _facts(file: YearlyFile, survey: Survey) -> dict[str, Any]:
    index = survey.index
    return {
        "rows": index.rows,
        "left_out": index.left_out,
        "families": index.families,
        "unplaced": index.unplaced,
        "ignored": (*file.ignored, *survey.letters),
    }


def _questions(survey: Survey, report: Report) -> dict[str, Any]:
    """List the questions before the import: about families gone, by option, and families that change."""
    return {
        "hesitations": {name: _hesitation(survey, disable) for name, disable in (("keep", False), ("disable", True))},
        "questions": [
            {"code": question.code, "about": dict(question.facts)} for question in report.comparison.questions()
        ],
    }


def _hesitation(survey: Survey, disable: bool) -> Mapping[str, Any] | None:  # noqa: FBT001 - one of two options
    """Find a reason to hesitate before an import with this option, or one to refuse it."""
    try:
        check_gone(survey, ImportOptions(disable_gone=disable))
    except OfficeRefusal as refusal:
        may_insist = isinstance(refusal, ConfirmationNeeded)
        return {"code": refusal.code, "about": dict(refusal.facts), "may_insist": may_insist}
    return None
