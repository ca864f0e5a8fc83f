"""/extranet/bureau/fichiers/travaux/{travail}: the changes of a file, their application, and its result."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.enrolment.export import csv_file, note_export
from chalicelib.office.jobs.jobs import Report, confirm, find_job, start_again, wake
from chalicelib.office.jobs.uploads import abandon, erase, read_report
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.roster.comparison import REUSED
from chalicelib.presentation.office.job_reports import ReportWords, state_text
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.office.sites import with_site_names
from chalicelib.web.office.acts import YES, ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DeskRequest, redirect
from chalicelib.web.office.files import FILES_PAGE, WORDS, job_path, may_read, site_names
from chalicelib.web.office.lists import FilteredList
from chalicelib.web.office.tables import Column, ListTable, TablePage
from chalicelib.web.responses import CSV, FormFeedback, Response, file

if TYPE_CHECKING:
    from chalicelib.settings.environment import Network

routes = ActBlueprint(__name__)

_JOB: Final = f"{FILES_PAGE}/travaux/{{travail}}"
_ID: Final = re.compile(r"[0-9a-f]{16,64}", re.ASCII)
_OPTIONS: Final = {"desactiver": "disable_gone", "accord": "is_sure", "repris": "reused"}  # by the box of each
_MAY_BE_MEANT: Final = frozenset(
    {"gone_site_nearly_empty", "gone_many", "import_many_lose", "import_many_replaced", "import_many_at_site"}
)
_IF_MEANT: Final = "Si c'est voulu, cochez la case."
_SHOWN: Final = 10  # lines of each list, until `?liste=` names one
_EVERY: Final = "5"  # seconds between two reloads, for a member who follows the job


def version_of(job: DeskJob) -> str:
    """Name the state of a job as shown: a form of another state is refused."""
    return f"{job.state}-{int(job.moved_at.timestamp())}"


def _feedback(request: DeskRequest, refusal: OfficeRefusal) -> FormFeedback:
    """Describe a refusal, beside the box to tick if it may be intended."""
    if refusal.code == REUSED:
        return FormFeedback(422, "Rien n'est encore enregistré.", {"repris": [_sentence(request, refusal)]})
    if refusal.code in _MAY_BE_MEANT:
        return FormFeedback(422, "Rien n'est encore enregistré.", {"accord": [_sentence(request, refusal)]})
    return FormFeedback(422, _sentence(request, refusal))


def _sentence(request: DeskRequest, refusal: OfficeRefusal) -> str:
    """Describe a refusal, and the box that confirms it if it may be intended."""
    sentence = sentence_of(refusal, request.staff.network)
    return f"{sentence} {_IF_MEANT}" if refusal.code in _MAY_BE_MEANT else sentence


def check_seen(request: DeskRequest, job: DeskJob) -> None:
    """Refuse a form that shows another state of a job than its current one. Raises `OfficeRefusal`."""
    if request.field("vu") != version_of(job):
        raise OfficeRefusal("desk_job_moved")


def check_options(report: Report | None, ticks: Mapping[str, bool]) -> None:
    """Refuse a doubt of the report that is not ticked, or that no tick allows. Raises `OfficeRefusal`."""
    hesitations = report.facts.get("hesitations", {}) if report else {}
    hesitation = hesitations.get("disable" if ticks["disable_gone"] else "keep")
    if hesitation and not (ticks["is_sure"] and hesitation["may_insist"]):
        raise OfficeRefusal(hesitation["code"], **hesitation["about"])
    for question in report.facts.get("questions", ()) if report else ():
        if not ticks["reused" if question["code"] == REUSED else "is_sure"]:
            raise OfficeRefusal(question["code"], **question["about"])


def _job(request: DeskRequest) -> DeskJob:
    id = request.parts["travail"]  # noqa: A001 - its name everywhere
    job = find_job(request.services, id) if _ID.fullmatch(id) else None
    if job is None or job.kind not in WORDS or not may_read(request.staff, job):
        raise NotThere
    return job


def _changeable_job(request: DeskRequest) -> DeskJob:
    """Find a job that the member may change: once a manager confirmed it, managers only. Raises `OfficeRefusal`."""
    job = _job(request)
    if not _may_change(request, job):
        raise OfficeRefusal("desk_job_moved")
    return job


def _may_change(request: DeskRequest, job: DeskJob) -> bool:
    return request.staff.may("manager") or not job.confirmed_by


def _found(request: DeskRequest, job: DeskJob) -> dict[str, Any]:
    """Prepare the report for its page: counts by site, and lists without their empty columns."""
    report = None if job.state in {"waiting", "running", "cancelled"} else read_report(request.services, job)
    if report is None:
        return {"report": None}
    words, refusal = WORDS[job.kind], report.facts.get("refused")
    rows = [(site.name, [report.sites[site.code, kind] for kind in words.by_site]) for site in request.staff.sites]
    hesitations = {
        name: _sentence(request, OfficeRefusal(hesitation["code"], **hesitation["about"]))
        for name, hesitation in report.facts.get("hesitations", {}).items()
        if hesitation
    }
    return {
        "report": report,
        "refused": refusal and _sentence(request, OfficeRefusal(refusal, **report.facts["about"])),
        "by_site": rows,
        "site_headings": [words.kinds[kind] for kind in words.by_site],
        "total": [report.kinds[kind] for kind in words.by_site],
        "lists": [
            _list(request, job, report, kind)
            for kind in words.lists
            if report.lines.get(kind) and request.query.get("liste", kind) == kind
        ],
        "sentences": [] if refusal else list(words.sentences(report)),
        "hesitations": hesitations,
        "questions": {
            question["code"]: _sentence(request, OfficeRefusal(question["code"], **question["about"]))
            for question in report.facts.get("questions", ())
        },
        "reused": REUSED,
    }


def _lines(report: Report, kind: str, words: ReportWords, network: "Network") -> Iterator[list[int | str]]:
    places = {words.headings.index("Site"), words.headings.index("Remarque")}  # a report has the codes of sites there
    for line in report.lines[kind]:
        yield [with_site_names(str(cell), network) if place in places else cell for place, cell in enumerate(line)]


def _list(request: DeskRequest, job: DeskJob, report: Report, kind: str) -> dict[str, Any]:
    """Prepare the beginning of a list, or a page of the one that `?liste=` names."""
    words, is_chosen = WORDS[job.kind], request.query.get("liste") == kind
    lines = list(_lines(report, kind, words, request.staff.network))
    columns = tuple(
        Column(heading, itemgetter(place), is_exact=heading not in {"Site", "Place", "Remarque"})
        for place, heading in enumerate(words.headings)
        if any(line[place] for line in lines)
    )
    table = ListTable(words.kinds[kind], columns, lines, "")
    page = table.page(request.query.get("page", ""), "")
    return {
        "kind": kind,
        "title": words.kinds[kind],
        "count": report.kinds[kind],
        "table": table,
        "page": page if is_chosen else TablePage(lines[:_SHOWN], 1, 1, 1),
        "listing": FilteredList(job_path(job.id), (), {"liste": kind, "tri": ""}),
        "is_whole": is_chosen or len(lines) <= _SHOWN,
    }


def refresh_header(request: DeskRequest, job: DeskJob) -> dict[str, str]:
    """Build the header that reloads the page of a job in progress, for a member who follows it (`?suivre=oui`)."""
    return {"Refresh": _EVERY} if job.is_at_work and request.query.get("suivre") == YES else {}


def _facts(request: DeskRequest, job: DeskJob, outcome: Outcome) -> dict[str, Any]:
    refresh = refresh_header(request, job)
    return {
        "feedback": replace(outcome.feedback, headers={**outcome.feedback.headers, **refresh}),
        "job": job,
        "state": state_text(job, request.now),
        "path": job_path(job.id),
        "words": WORDS[job.kind],
        "of_sites": site_names(request, job),
        "may_change": _may_change(request, job),
        "version": version_of(job),
        "follows": bool(refresh),
        "is_still": job.is_still(request.now),
        "typed": {name: request.field(name) == YES for name in _OPTIONS},
        **_found(request, job),
    }


JOB: Final = ActPage(
    "file_job",
    "files",
    _facts,
    _job,
    back=lambda request: job_path(request.parts["travail"]),
    sentences={
        "applique": "C'est confirmé : le travail est en cours. Vous pouvez quitter cette page, le travail continue.",
        "repris": "Le travail va reprendre là où il en était.",
        "etude": "L'étude va être refaite.",
        "abandon": "Ce travail est abandonné, et son fichier effacé.",
    },
    feedback=_feedback,
)
routes.page(_JOB, "secretary", JOB)


@routes.get(f"{_JOB}/compte-rendu", right="secretary")
def download(request: DeskRequest) -> Response:
    """Give all lists of a report as a CSV. The export is noted first."""
    job = _job(request)
    report = read_report(request.services, job)
    if report is None or job.is_at_work:
        raise NotThere
    words, network = WORDS[job.kind], request.staff.network
    note_export(request.services, job.subject.get("sites", ("*",)), request.staff.author(words.label), request.now)
    rows = ([words.kinds[kind], *line] for kind in words.lists for line in _lines(report, kind, words, network))
    return file(
        f"compte-rendu-{job.asked_at:%Y-%m-%d}.csv", CSV, csv_file(chain([("Quoi", *words.headings)], rows)).text
    )


def _check_application(request: DeskRequest, job: DeskJob) -> DeskJob:
    check_seen(request, job)
    check_options(read_report(request.services, job), _ticked(request))
    return job


def _ticked(request: DeskRequest) -> dict[str, bool]:
    return {option: request.field(field) == YES for field, option in _OPTIONS.items()}


@routes.act(f"{_JOB}/application", "manager", JOB, reader=_check_application, is_proven_again=True)
def carry_out(request: DeskRequest, job: DeskJob) -> str:
    """Carry out the changes that were shown."""
    confirm(request.services, job, request.staff.member.known_as, _ticked(request), request.now)
    return "applique"


@routes.act(f"{_JOB}/etude", "secretary", JOB, find=_changeable_job)
def study_again(request: DeskRequest, job: DeskJob) -> str:
    """Study the file again: the accounts have changed since."""
    start_again(request.services, job, request.now)
    return "etude"


@routes.act(f"{_JOB}/reprise", "secretary", JOB, find=_changeable_job)
def take_up(request: DeskRequest, job: DeskJob) -> str:
    """Wake a job that has stalled."""
    wake(request.services, job)
    return "repris"


@routes.act(f"{_JOB}/abandon", "secretary", JOB, find=_changeable_job)
def drop(request: DeskRequest, job: DeskJob) -> str:
    """Give a job up, and erase its file. A confirmed job is only given up from a page that showed it as confirmed."""
    if job.state == "applying" and request.field("vu") != job.state:
        raise OfficeRefusal("desk_job_moved")
    abandon(request.services, job, request.now)
    return "abandon"


@routes.act(f"{_JOB}/effacement", "secretary", JOB, find=_changeable_job)
def erase_job(request: DeskRequest, job: DeskJob) -> Response:
    """Erase a finished job, and its report."""
    erase(request.services, job)
    return redirect(request.services, f"{FILES_PAGE}?fait=efface")
