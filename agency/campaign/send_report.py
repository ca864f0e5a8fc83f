"""What `clef campaign send` and `clef remind` say: their table, their sentences, their JSON."""

from collections.abc import Iterator
from typing import Any, Final

from agency.campaign.mail_run import Ending
from agency.console.plurals import plural
from chalicelib.domain.campaign.audience import MailingStatus
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.mail.letters import Letter
from chalicelib.office.campaign.campaign import CampaignRequest, Plan, SitePlan
from chalicelib.settings import Network

_STATUSES: Final[dict[MailingStatus, str]] = {
    "due": "À prévenir",
    "told": "Déjà prévenues",
    "uncertain": "Envoi incertain",
    "unreachable": "Sans adresse qui marche",
    "elsewhere": "À une autre étape",
    "apart": "Désactivées ou parties",
}


def _status_columns(plan: Plan) -> dict[MailingStatus, str]:
    is_reminder = plan.request.campaign.step is not None
    return {status: name for status, name in _STATUSES.items() if status != "elsewhere" or is_reminder}


def title(request: CampaignRequest) -> str:
    """Name the campaign."""
    return f"Campagne « {request.campaign.name} »"


def headings(plan: Plan) -> list[str]:
    """Name the columns: families, each counted once, and the mails to send."""
    return ["Site", "Familles", *_status_columns(plan).values(), "Mails à envoyer", "dont pour plusieurs familles"]


def rows(network: Network, plan: Plan) -> Iterator[list[object]]:
    """Count families by turn: a row per site, and that of all."""
    for code, at_site in plan.sites.items():
        site = network.site(code)
        yield _row(site.name if site else code, at_site, plan)
    if len(plan.sites) > 1:
        yield _row("Ensemble", plan.total, plan)


def _row(name: str, at_site: SitePlan, plan: Plan) -> list[object]:
    counts = [at_site.turns[status] for status in _status_columns(plan)]
    return [name, at_site.turns.total(), *counts, at_site.mails, at_site.shared]


def sample(letter: Letter) -> str:
    """Show a mail."""
    lines = [f"Objet : {letter.subject}", "", *letter.text.rstrip().splitlines()]
    return "\n".join(["Le mail, tel qu'une famille le lira :", "", *(f"  │ {line}".rstrip() for line in lines), ""])


def preview_note(plan: Plan) -> str:
    """Explain that it was a preview, and how to send."""
    if not plan.mails:
        return "Personne n'est à prévenir : rien ne partirait."
    if plan.request.campaign.state == "stopped":
        return "Rien n'est parti. La campagne est arrêtée : pour la reprendre, --apply --go-on."
    return "Rien n'est parti. Pour envoyer, ajoutez --apply ; pour recevoir d'abord ce mail, --test-to VOTRE-ADRESSE."


def trial_sent(address: str) -> str:
    """Name the address that the trial goes to."""
    return f"Un mail d'essai part vers {address} : regardez-le avant d'envoyer."


def confirm_again(plan: Plan) -> str:
    """Ask whether to write to families that may have the mail already."""
    families = sum(len(mail.accounts) for mail in plan.mails)
    return f"Écrire à nouveau à {plural(families, 'famille')}, qui l'ont peut-être déjà reçu ?"


def so_far(campaign: Campaign) -> str:
    """Count what an interrupted campaign has sent."""
    return f"{plural(campaign.sent, 'mail parti')} jusqu'ici ; ceux qui sont demandés partent encore."


def outcome(campaign: Campaign, left: Plan, ending: Ending) -> Iterator[str]:
    """Describe how it went, what is left, and what to do."""
    yield (
        f"{plural(campaign.sent, 'mail parti')}, {campaign.delivered} remis à ce jour, "
        f"{plural(campaign.bounced, 'revenu')}."
    )
    turns = left.total.turns
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


def plan_json(plan: Plan) -> dict[str, Any]:
    """Describe a plan for another program."""
    sites = {
        code: {status: at_site.turns[status] for status in _STATUSES}
        | {"mails": at_site.mails, "shared": at_site.shared}
        for code, at_site in plan.sites.items()
    }
    campaign = plan.request.campaign
    return {"campaign": campaign.name, "step": campaign.step, "sites": sites, "mails": len(plan.mails)}


def outcome_json(campaign: Campaign, ending: Ending) -> dict[str, Any]:
    """Describe for another program how a campaign ended."""
    counts = {name: getattr(campaign, name) for name in ("sent", "delivered", "bounced", "uncertain")}
    return {"ended": ending, "state": campaign.state, "counts": counts}
