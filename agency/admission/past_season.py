"""What is kept of a season of new requests that was purged: numbers, of no person."""

from dataclasses import asdict
from typing import Any

from agency.console import output
from chalicelib.domain.admission.statistics import FEWEST, SeasonStatistics
from chalicelib.presentation.texts import day_and_hour
from chalicelib.settings.environment import Network


def print_season(kept: SeasonStatistics, network: Network) -> None:
    """Print a season, as it stood before the first of its requests went."""
    output.say(f"\nPré-inscription {kept.season}, sans personne, comptée le {day_and_hour(kept.at)}")
    rows = [
        (
            *(_site(row.site, network), row.discipline or "Autres disciplines", row.asked),
            *(row.accepted, row.declined, row.withdrawn, row.without_place),
        )
        for row in kept.rows
    ]
    headings = ("Site", "Premier vœu", "Élèves", "Acceptés", "Refusés", "Retirés", "Sans place")
    output.table("", headings, rows)
    output.say(f"Sous {FEWEST} élèves, une discipline est comptée avec d'autres, ou pas du tout.")


def season_json(kept: SeasonStatistics) -> dict[str, Any]:
    """List it as JSON can hold it."""
    return {"season": kept.season, "at": kept.at, "rows": [asdict(row) | {"asked": row.asked} for row in kept.rows]}


def _site(code: str, network: Network) -> str:
    site = network.site(code)
    return site.name if site else code
