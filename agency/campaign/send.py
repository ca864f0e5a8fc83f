"""`clef campaign send`: the notice by mail. Shared with `clef remind`: the preview, then the sending."""

import time
from dataclasses import dataclass
from datetime import timedelta

import typer

from agency.campaign import send_report
from agency.campaign.options import CampaignName, CanaryWait, GoOn, TestTo, Uncertain, Yes
from agency.console import output
from agency.console.connection import connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, Site, Stage
from agency.console.prompts import confirm
from chalicelib.mail.mailer import Quota
from chalicelib.office.account import select_sites
from chalicelib.office.campaign.campaign import CampaignInput, CampaignPlan, begin, plan_campaign, prepare_season
from chalicelib.office.campaign.mail_run import MailRun, MailRunOutcome, mail_trial, sample
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import campaign_plan
from chalicelib.services.family import Services


@dataclass(frozen=True)
class Options:
    """The options of a command besides the campaign itself."""

    apply: bool
    as_json: bool
    test_to: str | None
    canary_wait: int  # minutes
    go_on: bool
    yes: bool


def send(
    *,
    campaign: CampaignName = None,
    site: Site = None,
    apply: Apply = False,
    test_to: TestTo = None,
    canary_wait: CanaryWait = 10,
    go_on: GoOn = False,
    uncertain: Uncertain = False,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Écrire aux familles, chacune une fois : dates, site, identifiant, mot de passe. Sans --apply, montrer à qui.

    Exemple : clef campaign send --test-to secretariat@example.org
    """
    connection = connect(stage)
    services = connection.services
    notice = prepare_season(services, campaign, connection.operator if apply else "", services.clock())
    campaign_input = CampaignInput(notice, select_sites(services.settings.network, site), again=uncertain)
    run(services, campaign_input, Options(apply, as_json, test_to, canary_wait, go_on, yes))


def run(services: Services, campaign_input: CampaignInput, options: Options) -> None:
    """Preview a campaign. With `apply`, send it and show its outcome."""
    plan = _plan(services, campaign_input)
    if options.test_to:
        mail_trial(services, plan, options.test_to, services.clock())
        output.note(send_report.trial_sent(options.test_to))
    if not options.apply:
        _preview(services, plan, as_json=options.as_json)
        return
    if campaign_input.again:
        confirm(send_report.confirm_again(plan), yes=options.yes)
    quota = services.mailer.quota()
    if not quota.is_sending:
        raise OfficeRefusal("ses_paused")
    campaign = begin(services, plan, resume=options.go_on)
    ending = "stopped" if campaign.state == "stopped" else _send(services, plan, quota, options)
    _print_outcome(services, plan, ending, as_json=options.as_json)


def _plan(services: Services, campaign_input: CampaignInput) -> CampaignPlan:
    with output.progress("Lecture des comptes") as advance:
        return plan_campaign(services, campaign_input, services.clock(), advance)


def _preview(services: Services, plan: CampaignPlan, *, as_json: bool) -> None:
    letter = sample(services, plan, services.clock()) if plan.mails else None
    if as_json:
        output.print_json(
            send_report.plan_json(plan) | {"sample": letter and {"subject": letter.subject, "text": letter.text}}
        )
        return
    output.table(
        campaign_plan.title(plan.campaign_input),
        campaign_plan.headings(plan),
        campaign_plan.rows(services.settings.network, plan),
    )
    if letter:
        output.say(send_report.sample(letter))
    output.say(send_report.preview_note(plan))


def _send(services: Services, plan: CampaignPlan, quota: Quota, options: Options) -> MailRunOutcome:
    with output.progress("Mails demandés", len(plan.mails)) as advance:
        run = MailRun(services, plan, quota, timedelta(minutes=options.canary_wait), time.monotonic, advance)
        try:
            return run.run()
        except KeyboardInterrupt:
            output.note(send_report.so_far(run.campaign()))
            raise


def _print_outcome(services: Services, plan: CampaignPlan, ending: MailRunOutcome, *, as_json: bool) -> None:
    campaign = services.campaigns.find(plan.campaign_input.campaign.name) or plan.campaign_input.campaign
    left = _plan(services, CampaignInput(campaign, plan.campaign_input.sites))
    if as_json:
        output.print_json(send_report.plan_json(left) | send_report.outcome_json(campaign, ending))
    else:
        output.table(
            campaign_plan.title(left.campaign_input),
            campaign_plan.headings(left),
            campaign_plan.rows(services.settings.network, left),
        )
        for sentence in send_report.outcome(campaign, left, ending):
            output.say(sentence)
    code = _code(left, ending)
    if code:
        raise typer.Exit(code)


def _code(left: CampaignPlan, ending: MailRunOutcome) -> ExitCode:
    if ending in {"stopped", "silent"}:
        return ExitCode.STOPPED
    turns = left.total.turns
    return ExitCode.TO_LOOK_AT if turns["due"] or turns["uncertain"] else ExitCode.DONE
