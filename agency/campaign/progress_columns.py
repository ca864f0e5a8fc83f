"""The columns of the funnel, for the terminal, the spreadsheet and the page; of its lists too."""

from typing import Any, Final

from chalicelib import texts
from chalicelib.domain.campaign.funnel import STEPS, Exclusion
from chalicelib.office.campaign.progress import AT_LEAST, FamilyAtStep, Milestone, ProgressReport, Tally
from chalicelib.office.campaign.steps import LABELS, TO_DO, TOKENS

REACHED: Final[dict[Milestone, str]] = {
    "imported": "Familles",
    "notified": "Prévenues",
    "delivered": "Mail remis",
    "password": "Mot de passe",
    "logged_in": "Connectées",
    "started": "Commencées",
    "submitted": "Envoyées",
    "validated": "Validées",
}
APART: Final[dict[Exclusion, str]] = {"disabled": "Désactivées", "gone": "Parties", "newcomer": "Nouvelles"}
AT_LEAST_TITLE: Final = "Familles qui ont au moins atteint cette étape"
BY_STEP_TITLE: Final = "Où en sont les familles : chacune est comptée une fois"
LIST_HEADINGS: Final = ("Site", "Identifiant", "Famille", "Adresses", "Une adresse marche", "Depuis", "À faire")


def title_of(report: ProgressReport) -> str:
    """Name the campaign, and the moment that was looked at."""
    season = report.season
    about = (
        f"Campagne « {season.name} », commencée le {texts.day(season.started_at)}"
        if season
        else "Aucune campagne n'a commencé"
    )
    return f"{about}. Situation le {texts.day_and_hour(report.at)}."


def reached_headings() -> list[str]:
    """Name the steps that families pass one after the other."""
    return ["Site", *REACHED.values()]


def reached_row(tally: Tally) -> list[object]:
    """Count the families that have come at least to each step."""
    return [tally.name, *(tally.count_reached(step) for step in REACHED)]


def families_by_step(tally: Tally) -> dict[str, int]:
    """Count where families stand, by its name; those not written to yet, by whether mail would reach them."""
    first, *others = STEPS
    return {
        "Sans adresse qui marche": tally.unreachable,
        "À prévenir": tally.standing[first] - tally.unreachable,
        **{LABELS[step].capitalize(): tally.standing[step] for step in others},
    }


def step_lines(tally: Tally) -> list[list[object]]:
    """Show them one under the other, with what to type for their list."""
    tokens = {step: token for token, step in TOKENS.items()}
    lists = [f"clef progress --list {tokens[step]}" for step in (STEPS[0], *STEPS)]
    counts = families_by_step(tally).items()
    return [
        *([name, count, typed] for (name, count), typed in zip(counts, lists, strict=True)),
        ["Somme", tally.families, ""],
    ]


def by_step_headings() -> list[str]:
    """Name where families stand, the sum, and those who are counted apart."""
    return ["Site", *families_by_step(Tally("")), "Somme", *APART.values()]


def by_step_row(tally: Tally) -> list[object]:
    """Count them."""
    return [tally.name, *families_by_step(tally).values(), tally.families, *(tally.apart[apart] for apart in APART)]


def csv_headings() -> list[str]:
    """Name both, for one row per site."""
    at_least = [f"Au moins : {heading.lower()}" for heading in list(REACHED.values())[1:]]
    return ["Code", "Site", REACHED["imported"], *at_least, *by_step_headings()[1:]]


def csv_row(code: str, tally: Tally) -> list[object]:
    """Count both, for one site."""
    return [code, *reached_row(tally), *by_step_row(tally)[1:]]


def family_row(family: FamilyAtStep) -> list[object]:
    """Show a family at a step."""
    account = family.account
    return [
        account.ref.site,
        account.display_identifier or account.ref.identifier,
        account.name,
        ", ".join(account.emails),
        "oui" if family.is_reachable else "non",
        texts.day(family.since) if family.since else "",
        to_do(family),
    ]


def to_do(family: FamilyAtStep) -> str:
    """Describe what there is to do for a family."""
    return TO_DO[family.step][not family.is_reachable]


def progress_json(report: ProgressReport) -> dict[str, Any]:
    """Describe all that is known of the season."""
    season = report.season
    return {
        "campaign": season.name if season else None,
        "started_at": season.started_at if season else None,
        "at": report.at,
        "sites": {code: _tally_json(tally) for code, tally in report.sites.items()},
        "total": _tally_json(report.total),
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "reached": {step: tally.count_reached(step) for step in AT_LEAST},
        "standing": {step: tally.standing[step] for step in STEPS},
        "unreachable": tally.unreachable,
        "apart": {apart: tally.apart[apart] for apart in APART},
    }


def family_json(family: FamilyAtStep) -> dict[str, Any]:
    """Describe all that is known of a family at a step."""
    account = family.account
    return {
        "site": account.ref.site,
        "identifier": account.display_identifier or account.ref.identifier,
        "name": account.name,
        "emails": account.emails,
        "is_reachable": family.is_reachable,
        "step": family.step,
        "since": family.since,
        "to_do": to_do(family),
    }
