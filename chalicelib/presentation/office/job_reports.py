"""The words of a job's report. Those of a wing's jobs are beside their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.presentation.office import findings
from chalicelib.values import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.staff.desk_jobs import DeskJob
    from chalicelib.office.jobs.jobs import Report


STATES: Final = {
    "waiting": "attend son tour",
    "running": "en cours d'étude",
    "ready": "étudié : à appliquer ou à abandonner",
    "applying": "en cours d'application",
    "done": "terminé",
    "failed": "arrêté",
    "cancelled": "abandonné",
}
# The jobs without a report of their own here.
OTHERS: Final = {
    "campaign": "Envoi d'un communiqué",
    "publish": "Publication des périodes",
    "list_decision": "Décision pour une liste",
    "request_list": "Décision pour des demandes",
    "merge": "Réunion de deux comptes",
}
LATER: Final = "Travail d'une version plus récente : il attend qu'elle revienne"


def state_text(job: DeskJob, now: datetime) -> str:
    """Write where a job is."""
    return "n'avance plus" if job.is_still(now) else STATES.get(job.state, job.state)


@frozen
class ReportWords:
    """The words of one kind of report: its name, its titles before and after, its table by site and its lists."""

    label: str
    before: str
    caption: str
    kinds: Mapping[str, str]
    by_site: tuple[str, ...]
    lists: tuple[str, ...]
    headings: tuple[str, ...]
    sentences: Callable[[Report], Iterator[str]]
    lines_of: Callable[..., Any]  # writes an event as lines under the headings
    apply: str = "Appliquer ce fichier"
    is_file: bool = True


def ignored(report: Report) -> Iterator[str]:
    """Name the columns that were not read."""
    if report.facts.get("ignored"):
        yield f"Colonnes ignorées : {', '.join(report.facts['ignored'])}."


def _families(report: Report) -> Iterator[str]:
    facts = report.facts
    rows = f"Lignes lues : {facts['rows']} ; laissées de côté : {facts['left_out']}."
    yield f"{rows} Familles : {facts['families']}."
    if facts["others"]:
        yield f"Lignes d'autres sites, laissées de côté : {facts['others']}."
    yield from ignored(report)


FAMILIES: Final = ReportWords(
    "Fichier annuel des familles",
    "Ce que ce fichier changerait",
    "Familles, site par site",
    findings.KINDS,
    ("new", "changed", "unchanged", "moved", "gone"),
    ("error", "warning", "reused", "changed", "moved", "kept", "gone", "new"),
    findings.HEADINGS,
    _families,
    findings.lines_of,
)
