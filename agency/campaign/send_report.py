"""The texts of `clef campaign send` and `clef remind`: their table, their sentences, their JSON."""

from collections.abc import Iterator
from typing import Any

from agency.console.plurals import plural
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.mail.letters import Letter
from chalicelib.office.campaign.campaign import CampaignPlan
from chalicelib.office.campaign.mail_run import MailRunOutcome
from chalicelib.presentation.office.campaign_plan import STATUSES


def sample(letter: Letter) -> str:
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


def outcome(campaign: Campaign, left: CampaignPlan, ending: MailRunOutcome) -> Iterator[str]:
    """Describe the outcome, the mails left, and the next steps."""
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


def plan_json(plan: CampaignPlan) -> dict[str, Any]:
    """Describe a plan for another program."""
    sites = {
        code: {status: at_site.turns[status] for status in STATUSES}
        | {"mails": at_site.mails, "shared": at_site.shared}
        for code, at_site in plan.sites.items()
    }
    campaign = plan.campaign_input.campaign
    return {"campaign": campaign.name, "step": campaign.step, "sites": sites, "mails": len(plan.mails)}


def outcome_json(campaign: Campaign, ending: MailRunOutcome) -> dict[str, Any]:
    """Describe for another program how a campaign ended."""
    return {"ended": ending, "state": campaign.state, "counts": counts(campaign)}


def counts(campaign: Campaign) -> dict[str, int]:
    """Count a campaign's mails by their outcome."""
    return {name: getattr(campaign, name) for name in ("sent", "delivered", "bounced", "uncertain")}
