"""/extranet/bureau/fichiers: a member uploads a file, which is studied for their sites. A manager applies it."""

from typing import Any, Final

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.office.jobs.jobs import list_jobs
from chalicelib.office.jobs.list_decision import DecidedList
from chalicelib.office.jobs.uploads import LARGEST, FileKind, import_uploads, kinds_of, study
from chalicelib.office.roster.applied_imports import list_imports
from chalicelib.presentation.office.findings import counts_text
from chalicelib.presentation.office.job_reports import FAMILIES, LATER, OTHERS, STATES, ReportWords, state_text
from chalicelib.settings.wings import WINGS, parts
from chalicelib.web.office.acts import ActBlueprint
from chalicelib.web.office.edge import DESK, DeskRequest, redirect
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.tables import Column, ListChoice, ListTable
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


# The pages of jobs, if not below.
_PLACES: Final = {"list_decision": f"{DESK}/reinscriptions/decisions", "request_list": f"{DESK}/demandes/decisions"}
_KINDS: Final = {kind: words.label for kind, words in WORDS.items()} | {
    kind: label
    for kind, label in OTHERS.items()
    if kind in {"list_decision", "merge", "publish", *(one.kind for one in parts(DecidedList))}
    or any(kind in wing.jobs for wing in WINGS)
}


def _path(job: DeskJob) -> str:
    """Write the address of the page of a job of any kind. Empty for one without a page."""
    return f"{_PLACES[job.kind]}/{job.id}" if job.kind in _PLACES else job_path(job.id) if job.kind in WORDS else ""


def _jobs(request: DeskRequest, listing: FilteredList) -> ListTable:
    """List the jobs of the last thirty days that the member may read, the newest first."""
    columns = (
        Column("Demandé", lambda row: row.asked_at, "demande", path=_path),
        Column("Quoi", lambda row: _KINDS.get(row.kind, LATER), "sorte"),
        Column("Sites", lambda row: site_names(request, row) or "tous", "sites"),
        Column("Par", lambda row: row.asked_by, "par", is_exact=True),
        Column("Où il en est", lambda row: state_text(row, request.now), "etat"),
    )
    kind, state = listing.values["sorte"], listing.values["etat"]
    rows = [
        job
        for job in list_jobs(request.services)
        if may_read(request.staff, job) and kind in {"", job.kind} and state in {"", job.state}
    ]
    return ListTable("Travaux", columns, rows, "Aucun ici : un fichier envoyé aurait sa ligne, avec son étude.")


def _facts(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the upload forms and the jobs."""
    services = request.services
    there = import_uploads(services, request.staff.member, services.settings.network.url(_SENT))
    return {
        "headers": also_uploading(there[0].form, FILES_PAGE),
        "drops": there,
        "words": WORDS,
        "largest": LARGEST,
        "choices": [ListChoice("sorte", "Quoi", _KINDS), ListChoice("etat", "Où il en est", STATES)],
        "table": _jobs(request, listing),
    }


FILES: Final = DeskList(
    FILES_PAGE, "secretary", "files", "files", {"sorte": _KINDS.__contains__, "etat": STATES.__contains__}
).serve_table(
    routes,
    sentences={
        "envoye": "Le fichier est arrivé. Rien n'est encore lu ni enregistré.",
        "efface": "Ce travail et son compte rendu sont effacés.",
    },
)(_facts)


@routes.act(f"{FILES_PAGE}/etude", "secretary", FILES)
def study_file(request: DeskRequest, _: FilteredList) -> Response:
    """Start a job that studies the uploaded file."""
    job = study(request.services, request.staff.member, _kind(request), request.field("vu"), request.now)
    return redirect(request.services, job_path(job.id))


_IMPORT_COLUMNS: Final = (
    Column("Commencé", lambda row: row.begun_at, "debut"),
    Column("Par", lambda row: row.by, "par", is_exact=True),
    Column("Fichier", lambda row: f"{row.file} (avec clef)" if row.file else "déposé au bureau", "fichier"),
    Column("Empreinte", lambda row: row.sha256[:12], is_exact=True),
    Column("Lignes lues", lambda row: row.rows, "lignes", is_number=True),
    Column("Ce qui a été fait", lambda row: f"{'' if row.done_at else 'prévu : '}{counts_text(row)}"),
    Column("Terminé", lambda row: row.done_at or "non", "fin", lambda row: row.done_at),
)


@DeskList(f"{FILES_PAGE}/appliques", "manager", "applied_imports", "files", {}).serve_table(routes)
def show_imports(request: DeskRequest, _: FilteredList) -> dict[str, Any]:
    """List the yearly files applied in the last year, the newest first."""
    empty = "Aucun pour l'instant : chaque fichier appliqué aurait sa ligne ici, avec son auteur et ses comptes."
    imports = list_imports(request.services, request.now)
    return {"table": ListTable("Fichiers appliqués", _IMPORT_COLUMNS, imports, empty)}
