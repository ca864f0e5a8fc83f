"""The findings of a list of places, and of offers of the free ones: the list of each, and its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.presentation.office.anomalies import sentence
from chalicelib.presentation.office.job_reports import ReportWords, ignored
from chalicelib.presentation.office.sites import site_name
from chalicelib.wings.admission.presentation.office.places import place_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalicelib.domain.roster.yearly_file import Column
    from chalicelib.office.jobs.jobs import Report
    from chalicelib.settings.environment import Network
    from chalicelib.wings.admission.office.import_places import PlacesSurvey
    from chalicelib.wings.admission.office.offers import PoolChange
    from chalicelib.wings.admission.office.places import PoolOverview

KINDS: Final = {
    "new": "Nouvelles",
    "changed": "Changées",
    "unchanged": "Inchangées",
    "gone": "Absentes du fichier (retirées)",
    "held": "Absentes du fichier, mais déjà proposées : gardées",
    "error": "Erreurs (rien ne peut être appliqué)",
    "warning": "À vérifier",
}
HEADINGS: Final = ("Ligne", "Site", "Place", "Colonne", "Avant", "Dans le fichier", "Remarque")
OFFER_KINDS: Final = {
    "offered": "Propositions",
    "expired": "Délais passés",
    "freed": "Places libérées",
    "warning": "À vérifier",
}
OFFER_HEADINGS: Final = ("Site", "Place", "Demande", "Élève", "Remarque")
Finding = tuple[str, str, list[tuple[int | str, ...]]]


def survey_findings(survey: PlacesSurvey, headings: Mapping[Column, str], network: Network) -> Iterator[Finding]:
    """Describe the survey of a list of places: the kind, the site and the lines of each finding."""
    for anomaly in survey.anomalies:
        column = headings[anomaly.column] if anomaly.column else ""
        yield "error", "", [(anomaly.line, "", "", column, "", "", sentence(anomaly))]
    for change in survey.pools:
        pool, before = change.pool, change.before if change.kind == "changed" else None
        was = f"{before.total}, dont {_returning(before.returning)}" if before else ""
        line = (change.line or "", site_name(pool.ref.site, network), place_label(pool), "", was, "")
        now = f"{pool.total}, dont {_returning(pool.returning)}"
        yield change.kind, pool.ref.site, [] if change.kind == "unchanged" else [(*line[:5], now, "")]
    for (site, discipline), number in sorted(survey.returning.elsewhere.items()) if survey.returning else ():
        pupils = f"Réinscrits dans aucune de ces places, par le niveau ou l'âge : {number}. Comptez-les."
        yield "warning", site, [("", site_name(site, network), discipline, "", "", "", pupils)]


def _returning(number: int) -> str:
    return f"{number} réinscrit{'s' * (number > 1)}"


def offer_findings(
    changes: Sequence[PoolChange], overviews: Sequence[PoolOverview], network: Network
) -> Iterator[Finding]:
    """Describe offers, planned or made. `overviews`: the recounted places."""
    for change in changes:
        site = change.place.ref.site
        cells = (site_name(site, network), place_label(change.place))
        for kind, refs in (("offered", change.offers), ("expired", change.lapses), ("freed", change.freed)):
            for ref in refs:
                yield kind, site, [(*cells, ref.number, change.names.get(ref, ""), "")]
    for overview in overviews:
        pool = overview.pool
        if overview.recount is not None:
            cells = (site_name(pool.ref.site, network), place_label(pool))
            here = f"{_returning(overview.recount)} ici" if overview.recount else "aucun n'est encore accepté ici"
            remark = f"Le fichier compte {_returning(pool.returning)} ; {here}. Déposez-le à nouveau s'il a changé."
            yield "warning", pool.ref.site, [(*cells, "", "", remark)]


def _places(report: Report) -> Iterator[str]:
    yield f"Lignes lues : {report.facts['rows']}. Places nouvelles : {report.facts['places']}."
    yield from ignored(report)
    if report.facts["is_counted"]:
        yield "Réinscrits comptés d'après les réinscriptions envoyées et non refusées."


def _offers(report: Report) -> Iterator[str]:
    if report.facts["is_empty"]:
        yield "Rien à proposer, rien à reprendre."
    else:
        yield f"Propositions : {report.kinds['offered']}. Chacune part par mail, avec son délai."


REPORT: Final = ReportWords(
    "Liste des places",
    "Ce que ce fichier changerait",
    "Ensembles de places, site par site",
    KINDS,
    ("new", "changed", "unchanged", "gone", "held"),
    ("error", "warning", "changed", "gone", "held", "new"),
    HEADINGS,
    _places,
    survey_findings,
)
OFFER_REPORT: Final = ReportWords(
    "Propositions de places",
    "Ce qui serait proposé, et à qui",
    "Propositions, site par site",
    OFFER_KINDS,
    ("offered", "expired", "freed"),
    ("warning", "offered", "expired", "freed"),
    OFFER_HEADINGS,
    _offers,
    offer_findings,
    "Proposer ces places",
    is_file=False,
)
