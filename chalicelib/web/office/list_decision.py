"""The page of a decision on all the rows of a list's filters, a job: its summary, its confirmation, its report."""

from dataclasses import replace
from types import ModuleType
from typing import Any

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.jobs import cancel, confirm, find_job, wake
from chalicelib.office.jobs.uploads import read_report
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DeskRequest
from chalicelib.web.office.file_job import refresh_header
from chalicelib.web.office.files import may_read, site_names


def serve_list_decision(routes: ActBlueprint, path: str, tab: str, kind: str, words: ModuleType) -> None:
    """Serve the jobs of a kind below a path. `words`: of the verdicts, and of those left out."""

    def find(request: DeskRequest) -> DeskJob:
        job = find_job(request.services, request.parts["travail"])
        if job is None or job.kind != kind or not may_read(request.staff, job):
            raise NotThere
        return job

    def facts(request: DeskRequest, job: DeskJob, outcome: Outcome) -> dict[str, Any]:
        refusal = OfficeRefusal(job.result["refused"], **job.result["facts"]) if "refused" in job.result else None
        return {
            "job": job,
            "report": None if job.state in {"waiting", "running"} else read_report(request.services, job),
            "feedback": replace(outcome.feedback, headers={**outcome.feedback.headers, **refresh_header(request, job)}),
            "follows": bool(refresh_header(request, job)),
            "is_still": job.is_still(request.now),
            "refused": sentence_of(refusal, request.staff.network) if refusal else "",
            "path": f"{path}/{job.id}",
            "list_path": path.removesuffix("/decisions"),
            "site_names": site_names(request, job),
            "words": words,
        }

    page = ActPage(
        "list_decision",
        tab,
        facts,
        find,
        back=lambda request: f"{path}/{request.parts['travail']}",
        sentences={
            "confirme": "C'est confirmé : les décisions s'écrivent, un mail part vers chaque famille. Vous pouvez "
            "quitter cette page, le travail continue.",
            "repris": "Le travail va reprendre là où il en était.",
            "abandon": "Ce travail est abandonné : rien d'autre ne sera décidé.",
        },
    )

    def confirm_for_all(request: DeskRequest, job: DeskJob) -> str:
        """Decide on those of the summary."""
        confirm(request.services, job, request.staff.member.known_as, {}, request.now)
        return "confirme"

    def resume(request: DeskRequest, job: DeskJob) -> str:
        """Wake a job that has stalled."""
        wake(request.services, job)
        return "repris"

    def drop(request: DeskRequest, job: DeskJob) -> str:
        """Give the job up. The decisions made so far stay, and the report with them."""
        cancel(request.services, job, request.now)
        return "abandon"

    of_job = f"{path}/{{travail}}"
    routes.page(of_job, "secretary", page)
    routes.act(f"{of_job}/confirmation", "secretary", page, is_proven_again=True)(confirm_for_all)
    routes.act(f"{of_job}/reprise", "secretary", page)(resume)
    routes.act(f"{of_job}/abandon", "secretary", page)(drop)
