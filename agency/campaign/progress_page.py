"""The funnel as a single page: no name of a family, no script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader
from markupsafe import Markup

from agency.campaign.next_acts import TO_DO
from chalicelib.domain.campaign.funnel import STEPS
from chalicelib.office.campaign.campaign import TOKENS
from chalicelib.office.campaign.progress import AT_LEAST, FamilyAtStep, ProgressReport, Tally
from chalicelib.presentation import texts
from chalicelib.presentation.office import funnel
from chalicelib.presentation.office.funnel import (
    APART,
    GONE_SUBMITTED,
    REACHED,
    by_step_headings,
    by_step_row,
    families_by_step,
    reached_row,
)
from chalicelib.presentation.rendering import environment
from chalicelib.settings.environment import Network

LIST_HEADINGS: Final = ("Site", "Identifiant", "Famille", "Adresses", "Une adresse marche", "Depuis", "À faire")


def step_lines(tally: Tally) -> list[list[object]]:
    """List the steps as rows, each with the command for its families."""
    tokens = {step: token for token, step in TOKENS.items()}
    lists = [f"clef progress --list {tokens[step]}" for step in (STEPS[0], *STEPS)]
    counts = families_by_step(tally).items()
    return [
        *([name, count, typed] for (name, count), typed in zip(counts, lists, strict=True)),
        ["Somme", tally.families, ""],
    ]


def csv_headings() -> list[str]:
    """Name the columns of steps and mails, for one row per site."""
    at_least = [f"Au moins : {heading.lower()}" for heading in list(REACHED.values())[1:]]
    return ["Code", "Site", REACHED["imported"], *at_least, *by_step_headings()[1:], GONE_SUBMITTED]


def csv_row(code: str, tally: Tally) -> list[object]:
    """Count the families of a site by step and by mail."""
    return [code, *reached_row(tally), *by_step_row(tally)[1:], tally.gone_submitted]


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
    """Describe the next step for a family."""
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
        "gone_submitted": tally.gone_submitted,
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


_FOLDER: Final = Path(__file__).parent


def page_of(report: ProgressReport, network: Network) -> str:
    """Render the page."""
    style = (_FOLDER / "progress.css").read_text(encoding="utf-8")
    templates = environment().overlay(loader=FileSystemLoader(_FOLDER))
    templates.filters = {**templates.filters, "number": _number}
    return templates.get_template("progress.html").render(
        share=funnel.share,
        width=funnel.width,
        report=report,
        network=network,
        columns=funnel,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")
