"""GET /extranet/bureau/saison/envois: the campaigns, and below it, the plan of one and the form that sends it."""

from dataclasses import replace
from typing import Any, Final, get_args

from chalicelib.domain.enrolment.funnel import NOTHING_TO_DO
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.jobs import list_jobs, wake
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.office.steps import LABELS
from chalicelib.web.office.acts import YES, ActBlueprint, ActPage, Outcome, parameter
from chalicelib.web.office.edge import DeskRequest, desk_page, redirect
from chalicelib.web.office.filters import BY_SITE, Filters
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.season import SEASON_PAGE
from chalicelib.web.responses import Response
from chalicelib.wings.campaign.office.campaign import TOKENS, CampaignPlan, Token, find_season, plan_campaign
from chalicelib.wings.campaign.office.campaign_job import (
    CampaignOptions,
    find_campaign_job,
    prepare,
    start_campaign_job,
    stop_campaign_job,
)
from chalicelib.wings.campaign.office.mail_run import mail_trial, sample
from chalicelib.wings.campaign.office.progress import progress_report
from chalicelib.wings.campaign.presentation.office import campaign_plan, funnel

routes = ActBlueprint(__name__)

FUNNEL_PAGE: Final = f"{SEASON_PAGE}/avancement"


@DeskList(FUNNEL_PAGE, "reader", "funnel", "season", BY_SITE).serve(routes)
def show_funnel(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """Count the families of a site, or of all that the member sees."""
    services, sites = request.services, listing.sites
    report = progress_report(services, find_season(services), sites, request.now, lambda: None, with_former_sites=False)
    return {"report": report, "words": funnel, "chosen": listing.site}


CAMPAIGNS_PAGE: Final = f"{SEASON_PAGE}/envois"
ANNOUNCEMENT: Final = "annonce"
_PATH: Final = f"{CAMPAIGNS_PAGE}/{{etape}}"
_FILTERS: Final[Filters] = BY_SITE | {"incertains": YES.__eq__, "reprise": YES.__eq__}
_TRIAL_SENT: Final = "Un mail d'essai part vers votre adresse professionnelle : lisez-le avant d'envoyer aux familles."


@routes.get(CAMPAIGNS_PAGE, right="manager", filters={})
def show_campaigns(request: DeskRequest) -> Response:
    """Show how many families are at each step, and the campaigns sent so far."""
    services = request.services
    season = find_season(services)
    report = progress_report(services, season, request.staff.sites, request.now, lambda: None, with_former_sites=False)
    steps = [
        (token, LABELS[step], report.total.standing[step])
        for token, step in TOKENS.items()
        if step not in NOTHING_TO_DO
    ]
    facts: dict[str, Any] = {"season": season, "steps": steps, "labels": LABELS, "words": campaign_plan}
    return desk_page(
        request, "campaigns", "season", campaigns=services.campaigns.all(), jobs=list_jobs(services), **facts
    )


def _asked(request: DeskRequest) -> CampaignOptions:
    """Read the step, the site and the options of a campaign, from its form or its address. Raises `NotThere`."""
    return CampaignOptions(
        _token(request.parts["etape"]),
        parameter(request, "site") or None,
        again=parameter(request, "incertains") == YES,
        go_on=parameter(request, "reprise") == YES,
    )


def _token(text: str) -> Token | None:
    """Read a step of the address. None for the announcement. Raises `NotThere`."""
    if text == ANNOUNCEMENT:
        return None
    token: Token | None = next((token for token in get_args(Token) if token == text), None)
    if token is None or TOKENS[token] in NOTHING_TO_DO:
        raise NotThere
    return token


def _facts(request: DeskRequest, options: CampaignOptions, outcome: Outcome) -> dict[str, Any]:
    """List the facts of the plan, or why there is none."""
    services, now = request.services, request.now
    plan: CampaignPlan | None = None
    letter, feedback = None, outcome.feedback
    try:
        plan = plan_campaign(services, prepare(services, options, request.staff.member.known_as, now), now)
        letter = sample(services, plan, now) if plan.mails else None
    except OfficeRefusal as refusal:
        if not feedback.alert:
            feedback = replace(feedback, status=422, alert=sentence_of(refusal, request.staff.network))
    title = "Première annonce" if options.token is None else f"Rappel : {LABELS[TOKENS[options.token]]}"
    return {
        "feedback": feedback,
        "asked": options,
        "etape": request.parts["etape"],
        "title": title,
        "plan": plan,
        "letter": letter,
        "words": campaign_plan,
    }


CAMPAIGN: Final = ActPage(
    "campaign",
    "season",
    _facts,
    _asked,
    back=lambda request: _PATH.format(**request.parts),
    sentences={"essai": _TRIAL_SENT},
)
routes.page(_PATH, "manager", CAMPAIGN, filters=_FILTERS)


@routes.act(_PATH, "manager", CAMPAIGN, filters=_FILTERS, is_proven_again=True)
def send(request: DeskRequest, options: CampaignOptions) -> Response:
    """Start a job that sends the campaign."""
    job = start_campaign_job(request.services, options, request.staff.member.known_as, request.now)
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


@routes.act(f"{_PATH}/essai", "manager", CAMPAIGN, filters=_FILTERS)
def send_trial(request: DeskRequest, options: CampaignOptions) -> str:
    """Mail the sample to the manager who asks, and to no family."""
    services, now = request.services, request.now
    plan = plan_campaign(services, prepare(services, options, request.staff.member.known_as, now), now)
    mail_trial(services, plan, request.staff.member.email, now)
    return f"essai&site={options.site}" if options.site else "essai"


_CAMPAIGN_JOB_PATH: Final = f"{CAMPAIGNS_PAGE}/suivi/{{envoi}}"


def _job(request: DeskRequest) -> DeskJob:
    job = find_campaign_job(request.services, request.parts["envoi"])
    if job is None:
        raise NotThere
    return job


def _job_facts(request: DeskRequest, job: DeskJob, _outcome: Outcome) -> dict[str, Any]:
    refusal = OfficeRefusal(job.result["refused"], **job.result["facts"]) if "refused" in job.result else None
    return {
        "job": job,
        "campaign": request.services.campaigns.find(job.subject["campaign"]),
        "refused": sentence_of(refusal, request.staff.network) if refusal else "",
        "back": job.subject["step"] or "annonce",
    }


CAMPAIGN_JOB: Final = ActPage("campaign_job", "season", _job_facts, _job)
routes.page(_CAMPAIGN_JOB_PATH, "manager", CAMPAIGN_JOB)


@routes.act(f"{_CAMPAIGN_JOB_PATH}/arreter", "manager", CAMPAIGN_JOB)
def stop(request: DeskRequest, job: DeskJob) -> Response:
    """Stop the job: no further mail is sent."""
    stop_campaign_job(request.services, job, request.staff.member.known_as, request.now)
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")


@routes.act(f"{_CAMPAIGN_JOB_PATH}/relancer", "manager", CAMPAIGN_JOB)
def wake_again(request: DeskRequest, job: DeskJob) -> Response:
    """Wake a worker for a job that has stalled."""
    wake(request.services, job)
    return redirect(request.services, f"{CAMPAIGNS_PAGE}/suivi/{job.id}")
