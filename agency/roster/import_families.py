"""`clef families import`: the yearly file."""

import io
import secrets
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from agency.console import output
from agency.console.connection import Connection, connect, wait_for_requests
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, SiteOfFile, Stage
from agency.console.private_file import private_file
from agency.console.sentences import sentence_of
from agency.roster.imports import import_json
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.domain.roster.yearly_file import Anomaly, Column, YearlyFile
from chalicelib.domain.text import visible
from chalicelib.office.csv_writer import row_writer
from chalicelib.office.files.open_file import open_file
from chalicelib.office.refusals import ConfirmationNeeded, OfficeRefusal
from chalicelib.office.rights.erasure import close_former, erase_former
from chalicelib.office.roster.applied_imports import begin_import, digest_of, find_former, finish_import
from chalicelib.office.roster.comparison import Comparison
from chalicelib.office.roster.import_families import (
    BY_SITE,
    FamilyChange,
    FamilyImport,
    FormerFamilies,
    carry_out,
    kind_of_finding,
)
from chalicelib.office.roster.survey import FilePart, ImportOptions, Survey, check_gone, survey_families
from chalicelib.presentation.office.anomalies import sentence
from chalicelib.presentation.office.findings import HEADINGS, KINDS, Line, lines_of
from chalicelib.presentation.texts import day_and_hour
from chalicelib.settings.environment import Network
from chalicelib.settings.wings import parts

_SHOWN: Final = 20  # lines of each list


class ImportReport:
    """Called with each family and each anomaly. Memory holds counts and the first lines only."""

    def __init__(
        self,
        headings: Mapping[Column, str],
        entries: io.TextIOBase | None,
        lines: Callable[[Sequence[object]], object] | None,
    ) -> None:
        self._headings = headings
        self._entries = entries
        self._lines = lines
        self._first: dict[str, list[Line]] = defaultdict(list)
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()
        self.anomalies: Counter[str] = Counter()

    @property
    def families(self) -> int:
        """The number of families of the file compared so far."""
        return sum(self.kinds[kind] for kind in ("new", "changed", "unchanged", "moved", "reused"))

    def __call__(self, finding: FamilyChange | Anomaly) -> None:
        """Record a family or an anomaly."""
        kind = kind_of_finding(finding)
        self.kinds[kind] += 1
        if isinstance(finding, Anomaly):
            self.anomalies[finding.code] += 1
        else:
            self.sites[finding.ref.site, kind] += 1
        if self._entries:
            self._entries.write(f"{output.as_json(entry_json(finding, self._headings))}\n")
        first = self._first[kind]
        if self._lines or len(first) < _SHOWN:
            lines = lines_of(finding, self._headings)
            first.extend(lines[: _SHOWN - len(first)])
            if self._lines:
                for line in lines:
                    self._lines([KINDS[kind], *line])

    def write_json(self, content: Mapping[str, Any]) -> None:
        """Write counts and all entries, one a line."""
        if self._entries is None:
            return
        counts = {
            "families": {kind: self.kinds[kind] for kind in (*BY_SITE, "kept", "reused", "not_restored")},
            "anomalies": self.anomalies,
        }
        print(output.as_json({**content, "counts": counts})[:-1] + ', "entries": [')
        self._entries.seek(0)
        for number, entry in enumerate(self._entries):
            print("," * (number > 0) + entry, end="")
        print("]}")

    def show(self, network: Network, *, has_all_elsewhere: bool) -> None:
        """Show counts by site, then the beginning of each list."""
        headings = ["Site", *(KINDS[kind] for kind in BY_SITE)]
        rows = [(site.name, *(self.sites[site.code, kind] for kind in BY_SITE)) for site in network.sites]
        output.table("", headings, [*rows, ("Ensemble", *(self.kinds[kind] for kind in BY_SITE))])
        for kind in ("error", "warning", "reused", "changed", "moved", "kept", "not_restored", "gone", "new"):
            if self._first[kind]:
                self._show_list(kind, has_all_elsewhere=has_all_elsewhere)

    def _show_list(self, kind: str, *, has_all_elsewhere: bool) -> None:
        output.say("")
        used = [place for place in range(len(HEADINGS)) if any(line[place] for line in self._first[kind])]
        rows = [[line[place] for place in used] for line in self._first[kind]]
        output.table(f"{KINDS[kind]} : {self.kinds[kind]}", [HEADINGS[place] for place in used], rows)
        if self.kinds[kind] > _SHOWN and not has_all_elsewhere:
            output.say(f"… ce sont les {_SHOWN} premières ; pour toutes : --report FICHIER.csv")


@contextmanager
def open_report(headings: Mapping[Column, str], path: Path | None, *, as_json: bool) -> Iterator[ImportReport]:
    """Make a report: its lines go to a CSV for spreadsheets, its entries wait for the end in a file."""
    with ExitStack() as stack:
        lines = entries = None
        if path:
            file = io.TextIOWrapper(stack.enter_context(private_file(path)), encoding="utf-8-sig", newline="")
            stack.callback(file.detach)
            lines = row_writer(file)
            lines(["Quoi", *HEADINGS])
        if as_json:
            entries = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
        yield ImportReport(headings, entries, lines)


def entry_json(finding: FamilyChange | Anomaly, headings: Mapping[Column, str]) -> dict[str, Any]:
    """Write a family's change or an anomaly for JSON."""
    kind = finding.kind if isinstance(finding, FamilyChange) else "anomaly"
    data: dict[str, Any] = {"kind": kind, "line": finding.line}
    data |= {"site": finding.ref.site, "identifier": finding.ref.identifier} if finding.ref else {}
    if isinstance(finding, Anomaly):
        column = headings[finding.column] if finding.column else ""
        return data | {
            "code": finding.code, "severity": finding.severity, "column": column, "sentence": sentence(finding),
        }  # fmt: skip
    data |= {"written": finding.display_identifier, "name": finding.name}
    data |= {"moved_from": finding.moved_from.site} if finding.moved_from else {}
    data |= {"gone_at": finding.gone_at} if finding.gone_at else {}
    differences = [{"field": d.what, "ours": _plain(d.ours), "file": _plain(d.file)} for d in finding.differences]
    return data | ({"differences": differences} if differences else {})


def _plain(value: object) -> object:
    match value:
        case tuple():
            return [_plain(part) for part in value]
        case Pupil():
            return {name: part for name, part in asdict(value).items() if name not in {"key", "is_added"}}
        case _:
            return value


File = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier des familles, CSV ou XLSX.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Un CSV où écrire toutes les listes, en entier.")]
DisableGone = Annotated[bool, typer.Option("--disable-gone", help="Désactiver aussi les familles parties.")]
Yes = Annotated[bool, typer.Option("--yes", help="Oui d'avance, même si beaucoup de familles sont parties.")]


def import_families(
    file: File,
    *,
    apply: Apply = False,
    disable_gone: DisableGone = False,
    yes: Yes = False,
    report: ReportFile = None,
    site: SiteOfFile = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Lire le fichier annuel : familles nouvelles, changées, parties, et ce qui cloche ; --apply l'enregistre.

    Exemple : clef families import familles-2027.csv
    """
    connection = connect(stage)
    services = connection.services
    if report and report.resolve() == file.resolve():
        raise OfficeRefusal("report_is_file", file=file.name)
    yearly_file = open_file(file, services.settings.network, site)
    former, later_imports = find_former(services, digest_of(file), services.clock()) or (None, ())
    since = later_imports[-1].begun_at if later_imports else None
    options = ImportOptions(disable_gone=disable_gone, is_sure=yes, apply=apply, returns_from=since)
    with open_report(yearly_file.headings, report, as_json=as_json) as results:
        survey, hesitation = _import(connection, yearly_file, options, results, file)
        if as_json:
            results.write_json(_facts(yearly_file, survey, options) | {"former": former and import_json(former)})
        else:
            results.show(services.settings.network, has_all_elsewhere=report is not None)
            sentences = _sentences(yearly_file, survey, options, results)
            for sentence in (*_return(former, later_imports, results), *sentences, *hesitation):
                output.say(sentence)
    if results.anomalies:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def _import(
    connection: Connection, file: YearlyFile, options: ImportOptions, results: ImportReport, path: Path
) -> tuple[Survey, tuple[str, ...]]:
    """Survey and carry out. Returns also the doubts at which an `--apply` would ask."""
    services = connection.services
    now = services.clock()
    with output.progress("Lecture") as advance:
        input_file = replace(file, rows=lambda: advance.over(file.rows()))
        survey = survey_families(services, input_file, results, now, parts(FilePart))
    comparison, import_run = Comparison(), FamilyImport(services, survey, replace(options, apply=False), now)
    counts = Counter(results.kinds)

    def compare(finding: FamilyChange | Anomaly) -> None:
        comparison.note(finding)
        counts[kind_of_finding(finding)] += 1
        if not options.apply:  # then it is shown as it is written
            results(finding)

    _go_through(import_run, file, compare)
    hesitation = _hesitation(survey, comparison, options)
    if options.apply:
        this_import = replace(_applied(survey, options, connection.operator, path, now), counts=counts)
        import_begun = begin_import(services, this_import)
        try:
            erase = partial(_erase_former, connection, now)
            run = replace(import_run, options=options, new_families=comparison.reuses, erase_former=erase)
            _go_through(run, file, results)
        except (KeyboardInterrupt, Unavailable):
            output.note(f"Familles faites : {results.families} sur {survey.index.families}.")
            raise
        for wing in parts(FilePart):
            wing.follow(services, survey.index.sites, services.clock())
        kinds = results.kinds if import_begun == this_import else import_begun.counts
        finish_import(services, import_begun, kinds, services.clock())
    return survey, hesitation


def _applied(survey: Survey, options: ImportOptions, author: str, path: Path, now: datetime) -> AppliedImport:
    index = survey.index
    return AppliedImport(
        secrets.token_hex(8),
        "clef",
        author,
        now,
        digest_of(path),
        visible(path.name),
        index.rows,
        index.left_out,
        index.families,
        disables_gone=options.disable_gone,
    )


def _erase_former(connection: Connection, now: datetime, families: FormerFamilies) -> None:
    close_former(connection.services, families, now)
    erase_former(connection.services, families, now, partial(wait_for_requests, connection))


def _go_through(run: FamilyImport, file: YearlyFile, report: Callable[[FamilyChange | Anomaly], object]) -> None:
    """Compare or write family by family, with a progress bar."""
    label = "Enregistrement" if run.options.apply else "Comparaison"
    with output.progress(label, run.survey.index.families) as advance:

        def count(finding: FamilyChange | Anomaly) -> None:
            report(finding)
            advance(
                isinstance(finding, FamilyChange)
                and finding.line is not None
                and finding.kind not in {"kept", "not_restored"}
            )

        carry_out(run, file, count)


def _hesitation(survey: Survey, comparison: Comparison, options: ImportOptions) -> tuple[str, ...]:
    """Explain the doubts about a file, and stop there if it is about to be applied."""
    questions = [] if options.is_sure else [sentence_of(question) for question in comparison.questions()]
    try:
        check_gone(survey, options)
    except ConfirmationNeeded as error:
        questions.insert(0, sentence_of(error))
    except OfficeRefusal as refusal:
        if options.apply:
            raise
        questions.insert(0, sentence_of(refusal))
    if questions and options.apply:
        output.note("\n".join(questions))
        raise typer.Exit(ExitCode.STOPPED)
    return tuple(questions)


def _facts(file: YearlyFile, survey: Survey, options: ImportOptions) -> dict[str, object]:
    index = survey.index
    return {
        "applied": options.apply,
        "rows": index.rows,
        "rows_left_out": index.left_out,
        "families": index.families,
        "gone_noted": options.apply and survey.notes_gone,
        "gone_disabled": options.apply and options.disable_gone,
        "headings_ignored": (*file.ignored, *survey.letters),
    }


def _return(
    former: AppliedImport | None, later_imports: tuple[AppliedImport, ...], results: ImportReport
) -> Iterator[str]:
    """Describe a return to a file that others followed, and its limits."""
    if former is None:
        return
    dates = ", ".join(
        f"{later.file or 'un fichier déposé au bureau'} ({later.by}, le {day_and_hour(later.begun_at)})"
        for later in reversed(later_imports)
    )
    yield ""
    yield (
        f"Ce fichier a déjà été appliqué le {day_and_hour(former.begun_at)} ({former.by}) ; depuis, {dates}. "
        "« Changées » est ce qui revient ; les familles ajoutées depuis sont parmi les parties."
    )
    if results.kinds["not_restored"]:
        yield "« Ne reviennent pas » : corrigé ici avant ces imports, et à refaire ; « Au dossier » en est la valeur."
    if count := sum(other.counts.get("reused", 0) for other in later_imports):
        yield f"Comptes effacés depuis, leur identifiant étant celui d'une autre famille : {count} ; sans retour."


def _sentences(file: YearlyFile, survey: Survey, options: ImportOptions, results: ImportReport) -> Iterator[str]:
    """Describe the file, the changes made, and the next steps."""
    index, families_gone = survey.index, results.kinds["gone"]
    yield ""
    yield f"Lignes lues : {index.rows} ; laissées de côté : {index.left_out}. Familles : {index.families}."
    if columns := (*file.ignored, *survey.letters):
        yield f"Colonnes ignorées : {', '.join(columns)}."
    if families_gone and not survey.notes_gone:
        yield (
            "Aucune famille n'est notée partie : des lignes sont sans site ou sans identifiant lisible "
            f"({index.unplaced}), l'une d'elles peut être la sienne."
        )
    elif families_gone and not options.disable_gone:
        yield "Les familles parties peuvent encore se connecter ; --disable-gone les en empêche."
    yield "C'est enregistré." if options.apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."
