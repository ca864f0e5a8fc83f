"""`clef campaign send|stop` and `clef remind`: the notice and its reminders by mail, previewed, sent or stopped."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import typer

from agency.campaign.campaigns import counts
from agency.campaign.options import CampaignName, CanaryWait, GoOn, TestTo, Uncertain, Yes
from agency.console import output
from agency.console.connection import connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, Site, Stage
from agency.console.output import confirm, plural
from chalicelib.mail.letters import Letter
from chalicelib.mail.mailer import Quota
from chalicelib.office.account import select_sites
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.office.campaign import (
    CampaignInput,
    CampaignPlan,
    ReminderInput,
    Token,
    begin,
    plan_campaign,
    prepare_reminder,
    prepare_season,
)
from chalicelib.wings.campaign.office.campaign_job import stop_campaign
from chalicelib.wings.campaign.office.mail_run import MailRun, MailRunOutcome, mail_trial, sample
from chalicelib.wings.campaign.presentation.office import campaign_plan
from chalicelib.wings.campaign.presentation.office.campaign_plan import STATUSES

AtStep = Annotated[Token, typer.Option("--step", help="Aux familles qui en sont à cette étape (« clef progress »).")]
About = Annotated[str | None, typer.Option("--campaign", help="La campagne rappelée ; sans elle, la dernière.")]
Name = Annotated[
    str | None, typer.Option("--name", help="Le nom du rappel ; sans lui, « rappel- », l'étape et la date du jour.")
]


def remind(
    *,
    step: AtStep,
    campaign: About = None,
    name: Name = None,
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
    """Rappeler les dates aux familles d'une étape, chacune une fois. Sans --apply, montrer à qui.

    Exemple : clef remind --step commencee
    """
    connection = connect(stage)
    services, author = connection.services, connection.operator if apply else ""
    reminder = prepare_reminder(services, ReminderInput(step, campaign, name), author, services.clock())
    campaign_input = CampaignInput(reminder, select_sites(services.settings.network, site), again=uncertain)
    run(services, campaign_input, Options(apply, as_json, test_to, canary_wait, go_on, yes))


def sample_text(letter: Letter) -> str:
    """Show a mail."""
    lines = [f"Objet : {letter.subject}", "", *letter.text.rstrip().splitlines()]
    return "\n".join(["Le mail, tel qu'une famille le lira :", "", *(f"  │ {line}".rstrip() for line in lines), ""])


def preview_note(plan: CampaignPlan) -> str:
    """Explain that it was a preview, and how to send."""
    if not plan.mails:
        return "Personne n'est à prévenir : rien ne partirait."
    if plan.campaign_input.campaign.state == "stopped":
        return "Rien n'est parti. La campagne est arrêtée : pour la reprendre, --apply --go-on."
    return "Rien n'est parti. Pour envoyer, ajoutez --apply ; pour recevoir d'abord ce mail, --test-to VOTRE-ADRESSE."


def trial_sent(address: str) -> str:
    """Name the address that the trial goes to."""
    return f"Un mail d'essai part vers {address} : regardez-le avant d'envoyer."


def confirm_again(plan: CampaignPlan) -> str:
    """Ask whether to write to families that may have the mail already."""
    families = sum(len(mail.accounts) for mail in plan.mails)
    return f"Écrire à nouveau à {plural(families, 'famille')}, qui l'ont peut-être déjà reçu ?"


def so_far(campaign: Campaign) -> str:
    """Count the mails sent by an interrupted campaign."""
    return f"{plural(campaign.sent, 'mail parti')} jusqu'ici ; ceux qui sont demandés partent encore."


def outcome(campaign: Campaign, plan: CampaignPlan, ending: MailRunOutcome) -> Iterator[str]:
    """Describe the outcome, the mails left, and the next steps."""
    yield (
        f"{plural(campaign.sent, 'mail parti')}, {campaign.delivered} remis à ce jour, "
        f"{plural(campaign.bounced, 'revenu')}."
    )
    turns = plan.total.turns
    waiting = plural(turns["due"], "famille reste", "familles restent")
    match ending:
        case "stopped":
            yield _why_stopped(campaign)
        case "silent":
            yield (
                "Arrêté par prudence : les premiers mails sont demandés, et aucun ne part. Voyez « make status » ; "
                "ensuite, relancez la même commande, elle reprend."
            )
        case "quota":
            yield (
                f"La part du quota de SES que prend une campagne est épuisée pour aujourd'hui, et "
                f"{waiting} à prévenir : relancez la même commande "
                "demain, elle reprend. Pour un quota plus grand : console SES, « Account dashboard »."
            )
        case "done" if turns["due"]:
            yield f"{waiting} à prévenir : relancez la même commande."
    if turns["uncertain"]:
        yield (
            f"Pour {plural(turns['uncertain'], 'famille')}, personne ne sait si le mail est parti : la "
            "réponse de SES s'est perdue. Rien n'est renvoyé sans vous : « clef progress --list incertaine », puis la "
            "même commande avec --uncertain, ou un courrier (« clef campaign letters --only uncertain »)."
        )
    if turns["unreachable"]:
        yield (
            f"{plural(turns['unreachable'], 'famille')} sans adresse qui marche : écrivez par courrier, "
            "« clef campaign letters »."
        )


def _why_stopped(campaign: Campaign) -> str:
    if not campaign.must_stop:
        why = "La campagne est arrêtée."
    elif campaign.bounced:
        part = 100 * campaign.bounced / max(1, campaign.sent)
        why = (
            f"Campagne arrêtée d'elle-même : {campaign.bounced} mails sur {campaign.sent} sont revenus ({part:.0f} %), "
            "pour 2 % admis ; au-delà, AWS suspend l'envoi de tous les mails."
        )
    else:
        why = f"Campagne arrêtée d'elle-même : SES ne répond pas ({campaign.uncertain} mails). Voyez « make status »."
    return (
        f"{why} Plus rien ne part. Regardez quelles adresses : « clef progress --list revenue » ; corrigez-les, puis "
        "relancez la même commande avec --go-on."
    )


def plan_json(plan: CampaignPlan) -> dict[str, Any]:
    """Describe a plan for another program."""
    sites = {
        code: {status: at_site.turns[status] for status in STATUSES} | {"mails": at_site.mails, "shared": at_site.joint}
        for code, at_site in plan.sites.items()
    }
    campaign = plan.campaign_input.campaign
    return {"campaign": campaign.name, "step": campaign.step, "sites": sites, "mails": len(plan.mails)}


def outcome_json(campaign: Campaign, ending: MailRunOutcome) -> dict[str, Any]:
    """Describe for another program how a campaign ended."""
    return {"ended": ending, "state": campaign.state, "counts": counts(campaign)}


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


def run(services: OfficeServices, campaign_input: CampaignInput, options: Options) -> None:
    """Preview a campaign. With `apply`, send it and show its outcome."""
    plan = _plan(services, campaign_input)
    if options.test_to:
        mail_trial(services, plan, options.test_to, services.clock())
        output.note(trial_sent(options.test_to))
    if not options.apply:
        _preview(services, plan, as_json=options.as_json)
        return
    if campaign_input.again:
        confirm(confirm_again(plan), yes=options.yes)
    quota = services.mailer.quota()
    if not quota.is_sending:
        raise OfficeRefusal("ses_paused")
    campaign = begin(services, plan, resume=options.go_on)
    ending = "stopped" if campaign.state == "stopped" else _send(services, plan, quota, options)
    _print_outcome(services, plan, ending, as_json=options.as_json)


def _plan(services: OfficeServices, campaign_input: CampaignInput) -> CampaignPlan:
    with output.progress("Lecture des comptes") as advance:
        return plan_campaign(services, campaign_input, services.clock(), advance)


def _preview(services: OfficeServices, plan: CampaignPlan, *, as_json: bool) -> None:
    letter = sample(services, plan, services.clock()) if plan.mails else None
    if as_json:
        output.print_json(plan_json(plan) | {"sample": letter and {"subject": letter.subject, "text": letter.text}})
        return
    output.table(
        campaign_plan.title(plan.campaign_input),
        campaign_plan.headings(plan),
        campaign_plan.rows(services.settings.network, plan),
    )
    if letter:
        output.say(sample_text(letter))
    output.say(preview_note(plan))


def _send(services: OfficeServices, plan: CampaignPlan, quota: Quota, options: Options) -> MailRunOutcome:
    with output.progress("Mails demandés", len(plan.mails)) as advance:
        run = MailRun(services, plan, quota, timedelta(minutes=options.canary_wait), time.monotonic, advance)
        try:
            return run.run()
        except KeyboardInterrupt:
            output.note(so_far(run.campaign()))
            raise


def _print_outcome(services: OfficeServices, plan: CampaignPlan, ending: MailRunOutcome, *, as_json: bool) -> None:
    campaign = services.campaigns.find(plan.campaign_input.campaign.name) or plan.campaign_input.campaign
    rest = _plan(services, CampaignInput(campaign, plan.campaign_input.sites))
    if as_json:
        output.print_json(plan_json(rest) | outcome_json(campaign, ending))
    else:
        output.table(
            campaign_plan.title(rest.campaign_input),
            campaign_plan.headings(rest),
            campaign_plan.rows(services.settings.network, rest),
        )
        for sentence in outcome(campaign, rest, ending):
            output.say(sentence)
    code = _code(rest, ending)
    if code:
        raise typer.Exit(code)


def _code(plan: CampaignPlan, ending: MailRunOutcome) -> ExitCode:
    if ending in {"stopped", "silent"}:
        return ExitCode.STOPPED
    turns = plan.total.turns
    return ExitCode.TO_LOOK_AT if turns["due"] or turns["uncertain"] else ExitCode.DONE


def stop(
    name: Annotated[str, typer.Argument(metavar="NOM", help="Le nom de la campagne (« clef campaign list »).")],
    *,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Arrêter une campagne, qu'elle parte du bureau ou de « clef » : plus aucun mail ne part.

    Exemple : clef campaign stop reinscription-2027
    """
    connection = connect(stage)
    services = connection.services
    stop_campaign(services, name, connection.operator, services.clock())
    if as_json:
        output.print_json({"campaign": name, "stopped": True})
        return
    output.say(
        "La campagne est arrêtée : plus aucun mail ne part. Pour la reprendre, « clef campaign send --apply --go-on » "
        "(un rappel : « clef remind --name NOM »), ou « Reprendre l'envoi » au bureau."
    )
