"""/extranet/bureau/fichiers: a member uploads a file, which is studied for their sites. A manager applies it."""

from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.office.jobs.jobs import list_jobs
from chalicelib.office.jobs.uploads import LARGEST, FileKind, import_uploads, kinds_of, study
from chalicelib.office.roster.applied_imports import list_imports
from chalicelib.presentation.office.findings import counts_text
from chalicelib.presentation.office.job_reports import FAMILIES, ReportWords
from chalicelib.settings.wings import WINGS
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, redirect
from chalicelib.web.responses import Response, also_uploading
from chalicelib.wings.wing import load

routes = ActBlueprint(__name__)

FILES_PAGE: Final = f"{DESK}/fichiers"
_SENT: Final = f"{FILES_PAGE}/envoye"
WORDS: Final[dict[str, ReportWords]] = {"families": FAMILIES} | {
    kind: load(words) for wing in WINGS for kind, (_, words) in wing.jobs.items() if words
}


@routes.get(_SENT, right="secretary")
def come_back(request: DeskRequest) -> Response:
    """Redirect to the page: S3 sends here after an upload, with its key and its bucket in the address."""
    return redirect(request.services, f"{FILES_PAGE}?fait=envoye")


def may_read(staff: StaffContext, job: DeskJob) -> bool:
    """Whether a member may read a job: a manager reads all, others those of their own sites only."""
    sites = job.subject.get("sites")
    return staff.may("manager") or (sites is not None and all(map(staff.sees, sites)))


def site_names(request: DeskRequest, job: DeskJob) -> str:
    """Name the sites of a job. Empty if it is for all."""
    sites = job.subject.get("sites", ())
    return ", ".join(site.name for site in request.staff.network.sites if site.code in sites)


def job_path(id: str) -> str:  # noqa: A002 - its name everywhere
    """Write the address of a job's page."""
    return f"{FILES_PAGE}/travaux/{id}"


def _kind(request: DeskRequest) -> FileKind:
    for kind in kinds_of(request.staff.member):
        if kind == request.field("quoi"):
            return kind
    raise NotThere


def _facts(request: DeskRequest, _subject: None, outcome: Outcome) -> dict[str, Any]:
    """List the upload forms, and the jobs of the last thirty days."""
    services, staff = request.services, request.staff
    there = import_uploads(services, staff.member, services.settings.network.url(_SENT))
    return {
        "feedback": replace(outcome.feedback, headers=also_uploading(there[0].form, FILES_PAGE)),
        "drops": there,
        "jobs": [(job, site_names(request, job)) for job in list_jobs(services) if may_read(staff, job)],
        "imports": list_imports(services, request.now) if staff.may("manager") else (),
        "counts_text": counts_text,
        "words": WORDS,
        "largest": LARGEST,
        "path": job_path,
    }


FILES: Final = ActPage(
    "files",
    "files",
    _facts,
    sentences={
        "envoye": "Le fichier est arrivé. Rien n'est encore lu ni enregistré.",
        "efface": "Ce travail et son compte rendu sont effacés.",
    },
)
routes.page(FILES_PAGE, "secretary", FILES, filters={})


@routes.act(f"{FILES_PAGE}/etude", "secretary", FILES)
def study_file(request: DeskRequest, _: None) -> Response:
    """Start a job that studies the uploaded file."""
    job = study(request.services, request.staff.member, _kind(request), request.field("vu"), request.now)
    return redirect(request.services, job_path(job.id))
