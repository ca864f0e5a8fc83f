"""The funnel's tables: their columns and counts, for the desk, the terminal and a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.account.accounts import Exclusion
from chalicelib.domain.enrolment.funnel import STEPS
from chalicelib.presentation import texts
from chalicelib.presentation.office.steps import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.wings.campaign.office.progress import Milestone, ProgressReport, Tally

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
_NOT_TOLD: Final = ("Sans adresse qui marche", "À prévenir")
APART: Final[dict[Exclusion, str]] = {"disabled": "Désactivées", "gone": "Parties", "newcomer": "Nouvelles"}
GONE_SUBMITTED: Final = "Parties, réinscription envoyée"
AT_LEAST_TITLE: Final = "Familles qui ont au moins atteint cette étape"
BY_STEP_TITLE: Final = "Où en sont les familles : chacune est comptée une fois"


def title_of(report: ProgressReport, name: Callable[[str], str] = str) -> str:
    """Name a report's campaign, and its moment. `name`: how to name a campaign, by default as an operator types it."""
    season = report.season
    about = (
        f"Campagne « {name(season.name)} », commencée le {texts.day(season.started_at)}"
        if season
        else "Aucune campagne n'a commencé"
    )
    return f"{about}. Situation le {texts.day_and_hour(report.at)}."


def reached_headings() -> list[str]:
    """Name the successive steps of families."""
    return ["Site", *REACHED.values()]


def reached_row(tally: Tally) -> list[object]:
    """Count the families that have reached each step."""
    return [tally.name, *(tally.count_reached(step) for step in REACHED)]


def families_by_step(tally: Tally) -> dict[str, int]:
    """Count families by the name of their step. Those not written to yet are split by working address."""
    first, *steps = STEPS
    return {
        **dict(zip(_NOT_TOLD, (tally.unreachable, tally.standing[first] - tally.unreachable), strict=True)),
        **{LABELS[step].capitalize(): tally.standing[step] for step in steps},
    }


def by_step_headings() -> list[str]:
    """Name where families stand, the sum, and those who are counted apart."""
    return ["Site", *_NOT_TOLD, *(LABELS[step].capitalize() for step in STEPS[1:]), "Somme", *APART.values()]


def by_step_row(tally: Tally) -> list[object]:
    """Count the families of a site, or of all, as `by_step_headings` names them."""
    return [tally.name, *families_by_step(tally).values(), tally.families, *(tally.apart[apart] for apart in APART)]


def apart_lines(tally: Tally) -> list[str]:
    """Count the families apart, and those gone after they sent a re-enrolment."""
    sent_text = f", dont {tally.gone_submitted} avec une réinscription envoyée" if tally.gone_submitted else ""
    return [
        f"{name}, comptées à part : {tally.apart[reason]}{sent_text if reason == 'gone' else ''}."
        for reason, name in APART.items()
        if tally.apart[reason]
    ]


def share(part: int, whole: int) -> str:
    """Format a percentage, rounded down: 100 % means all."""
    percent = 100 * part // whole if whole else 0
    return "<\u00a01\u00a0%" if part and not percent else f"{percent}\u00a0%"


def width(part: int, whole: int) -> str:
    """Format a bar's width, out of a hundred."""
    return f"{100 * part / whole:.2f}" if whole else "0"
