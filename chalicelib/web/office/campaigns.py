"""GET /extranet/bureau/saison/envois: the campaigns, and below it, the plan of one and the form that sends it."""

from collections.abc import Mapping
from typing import Final, get_args

from chalice.app import Response

from chalicelib.domain.campaign.funnel import NOTHING_TO_DO
from chalicelib.domain.refusals import FormRefusal, NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.campaign.campaign import TOKENS, CampaignPlan, Token, all_campaigns, find_season, plan_campaign
from chalicelib.office.campaign.mail_run import mail_trial, sample
from chalicelib.office.campaign.progress import progress_report
from chalicelib.office.jobs.campaign import (
    CampaignOptions,
    find_campaign_job,
    prepare,
    start_campaign_job,
    stop_campaign_job,
)
from chalicelib.office.jobs.jobs import wake
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import campaign_plan
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.office.steps import LABELS
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.filters import BY_SITE, Filters
from chalicelib.web.office.season import SEASON_PAGE
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

CAMPAIGNS_PAGE: Final = f"{SEASON_PAGE}/envois"
ANNOUNCEMENT: Final = "annonce"
_PATH: Final = f"{CAMPAIGNS_PAGE}/{{etape}}"
_YES: Final = "oui"
_FILTERS: Final[Filters] = BY_SITE | {"incertains": _YES.__eq__, "reprise": _YES.__eq__}
_TRIAL_SENT: Final = "Un mail d'essai part vers votre adresse professionnelle : lisez-le avant d'envoyer aux familles."


@routes.get(CAMPAIGNS_PAGE, right="manager", filters={})
def show_campaigns(request: StaffRequest) -> Response:
    """Show how many families are at each step, and the campaigns sent so far."""
    services = request.services
    season = find_season(services)
    report = progress_report(services, season, request.staff.sites, request.now, lambda: None, with_former_sites=False)
    steps = [
        (token, LABELS[step], report.total.standing[step])
        for token, step in TOKENS.items()
        if step not in NOTHING_TO_DO
    ]
    return desk_page(
        request, "campaigns", "season", season=season, steps=steps, campaigns=all_campaigns(services), labels=LABELS
    )


@routes.get(_PATH, right="manager", filters=_FILTERS)
def show_plan(request: StaffRequest) -> Response:
    """Show the families and the mail of a campaign, without sending."""
    trial = _TRIAL_SENT if request.query.get("fait") == "essai" else None
    return _page(request, _asked(request, request.query), information=trial)


@routes.post(_PATH, right="manager", filters=_FILTERS)
def send(request: StaffRequest) -> Response:
    """Start a job that sends it, once the password is proven again."""
    options = _asked(request, {name: request.field(name) for name in ("site", "incertains", "reprise")})
    try:
        request.check_lengths()
        request.prove_again()
        job = start_campaign_job(request.services, options, request.staff.member.known_as, request.now)
    except FormRefusal as refusal:
        return _page(request, options, feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        return _page(request, options, FormFeedback(422, sentence_of(refusal, request.staff.network)))
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


@routes.post(f"{_PATH}/essai", right="manager", filters=_FILTERS)
def send_trial(request: StaffRequest) -> Response:
    """Mail the sample to the manager who asks, and to no family."""
    options = _asked(request, {"site": request.field("site")})
    services, now = request.services, request.now
    try:
        plan = plan_campaign(services, prepare(services, options, request.staff.member.known_as, now), now)
        mail_trial(services, plan, request.staff.member.email, now)
    except OfficeRefusal as refusal:
        return _page(request, options, FormFeedback(422, sentence_of(refusal, request.staff.network)))
    site = f"&site={options.site}" if options.site else ""
    return redirect(services, f"{CAMPAIGNS_PAGE}/{request.parts['etape']}?fait=essai{site}")


def _asked(request: StaffRequest, given: Mapping[str, str]) -> CampaignOptions:
    """Read the step, the site and the options of a campaign. Raises `NotThere`."""
    site = given.get("site", "")
    return CampaignOptions(
        _token(request.parts["etape"]),
        site or None,
        again=given.get("incertains", "") == _YES,
        go_on=given.get("reprise", "") == _YES,
    )


def _token(typed: str) -> Token | None:
    """Read a step of the address. None for the announcement. Raises `NotThere`."""
    if typed == ANNOUNCEMENT:
        return None
    token: Token | None = next((token for token in get_args(Token) if token == typed), None)
    if token is None or TOKENS[token] in NOTHING_TO_DO:
        raise NotThere
    return token


def _page(
    request: StaffRequest,
    options: CampaignOptions,
    feedback: FormFeedback = NO_FEEDBACK,
    information: str | None = None,
) -> Response:
    """Show the plan, or why there is none."""
    services, now = request.services, request.now
    plan: CampaignPlan | None = None
    letter = None
    try:
        plan = plan_campaign(services, prepare(services, options, request.staff.member.known_as, now), now)
        letter = sample(services, plan, now) if plan.mails else None
    except OfficeRefusal as refusal:
        feedback = feedback if feedback.alert else FormFeedback(422, sentence_of(refusal, request.staff.network))
    title = "Première annonce" if options.token is None else f"Rappel : {LABELS[TOKENS[options.token]]}"
    return desk_page(
        request,
        "campaign",
        "season",
        feedback=feedback,
        information=information,
        asked=options,
        etape=request.parts["etape"],
        title=title,
        plan=plan,
        letter=letter,
        words=campaign_plan,
    )


_CAMPAIGN_JOB_PATH: Final = f"{CAMPAIGNS_PAGE}/suivi/{{envoi}}"


@routes.get(_CAMPAIGN_JOB_PATH, right="manager")
def show_campaign_job(request: StaffRequest) -> Response:
    """Show the progress of the job."""
    return _campaign_job_page(request, _job(request))


@routes.post(f"{_CAMPAIGN_JOB_PATH}/arreter", right="manager")
def stop(request: StaffRequest) -> Response:
    """Stop the job: no further mail is sent."""
    job = _job(request)
    try:
        stop_campaign_job(request.services, job, request.staff.member.known_as, request.now)
    except OfficeRefusal as refusal:
        return _campaign_job_page(
            request, _job(request), FormFeedback(422, sentence_of(refusal, request.staff.network))
        )
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


@routes.post(f"{_CAMPAIGN_JOB_PATH}/relancer", right="manager")
def wake_again(request: StaffRequest) -> Response:
    """Wake a worker for a job that has stalled."""
    job = _job(request)
    wake(request.services, job)
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


def _job(request: StaffRequest) -> DeskJob:
    job = find_campaign_job(request.services, request.parts["envoi"])
    if job is None:
        raise NotThere
    return job


def _campaign_job_page(request: StaffRequest, job: DeskJob, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    campaign = request.services.campaigns.find(job.subject["campaign"])
    refused = OfficeRefusal(job.result["refused"], **job.result["facts"]) if "refused" in job.result else None
    return desk_page(
        request,
        "campaign_job",
        "season",
        feedback=feedback,
        job=job,
        campaign=campaign,
        refused=sentence_of(refused, request.staff.network) if refused else "",
        back=job.subject["step"] or "annonce",
    )
