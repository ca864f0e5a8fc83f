"""GET /extranet/bureau/saison/envois/suivi/ENVOI: how far a campaign is that the desk sends; and how to stop it."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.campaign import find_sending, stop_sending
from chalicelib.office.jobs.jobs import wake
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.web.office.campaigns import CAMPAIGNS_PAGE
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

_PATH: Final = f"{CAMPAIGNS_PAGE}/suivi/{{envoi}}"


@routes.get(_PATH, right="manager")
def show_sending(request: StaffRequest) -> Response:
    """Show how far it is."""
    return _page(request, _job(request))


@routes.post(f"{_PATH}/arreter", right="manager")
def stop(request: StaffRequest) -> Response:
    """Let no more mail leave."""
    job = _job(request)
    try:
        stop_sending(request.services, job, request.staff.member.known_as, request.now)
    except OfficeRefusal as refusal:
        return _page(request, _job(request), FormFeedback(422, sentence_of(refusal)))
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


@routes.post(f"{_PATH}/relancer", right="manager")
def wake_again(request: StaffRequest) -> Response:
    """Wake a worker for a job that does not go on."""
    job = _job(request)
    wake(request.services, job)
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


def _job(request: StaffRequest) -> DeskJob:
    job = find_sending(request.services, request.parts["envoi"])
    if job is None:
        raise NotThere
    return job


def _page(request: StaffRequest, job: DeskJob, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    campaign = request.services.campaigns.find(job.subject["campaign"])
    refused = OfficeRefusal(job.result["refused"], **job.result["facts"]) if "refused" in job.result else None
    return desk_page(
        request,
        "campaign_job",
        "season",
        feedback=feedback,
        job=job,
        campaign=campaign,
        refused=sentence_of(refused) if refused else "",
        back=job.subject["step"] or "annonce",
    )
