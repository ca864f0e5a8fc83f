"""The words of a job's report, by the kind of its file or plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from chalicelib.presentation.office import findings, invoice_findings, place_findings
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.office.jobs.jobs import Report


@frozen
class ReportWords:
    """Of one kind: its name, its titles before and after it is carried out, its table by site and its lists."""

    label: str
    before: str
    counted: str
    kinds: Mapping[str, str]
    by_site: tuple[str, ...]
    lists: tuple[str, ...]
    headings: tuple[str, ...]
    sentences: Callable[[Report], Iterator[str]]
    apply: str = "Appliquer ce fichier"
    is_file: bool = True


def _ignored(report: Report) -> Iterator[str]:
    if report.facts.get("ignored"):
        yield f"Colonnes ignorées : {', '.join(report.facts['ignored'])}."


def _families(report: Report) -> Iterator[str]:
    facts = report.facts
    rows = f"Lignes lues : {facts['rows']} ; laissées de côté : {facts['left_out']}."
    yield f"{rows} Familles : {facts['families']}."
    if facts["others"]:
        yield f"Lignes d'autres sites, laissées de côté : {facts['others']}."
    yield from _ignored(report)


def _invoices(report: Report) -> Iterator[str]:
    invoices = sum(report.kinds[kind] for kind in ("new", "changed", "unchanged"))
    yield f"Lignes lues : {report.facts['rows']}. Factures : {invoices} ; erreurs : {report.kinds['error']}."
    yield from _ignored(report)
    if report.kinds["absent"]:
        yield "Les factures absentes du fichier restent au dossier des familles."


def _places(report: Report) -> Iterator[str]:
    yield f"Lignes lues : {report.facts['rows']}. Places nouvelles : {report.facts['places']}."
    yield from _ignored(report)
    if report.facts["is_counted"]:
        yield "Réinscrits comptés d'après les réinscriptions envoyées et non refusées."


def _offers(report: Report) -> Iterator[str]:
    if report.facts["is_empty"]:
        yield "Rien à proposer, rien à reprendre."
    else:
        yield f"Propositions : {report.kinds['offered']}. Chacune part par mail, avec son délai."


WORDS: Final = {
    "families": ReportWords(
        "Fichier annuel des familles",
        "Ce que ce fichier changerait",
        "Familles, site par site",
        findings.KINDS,
        ("new", "changed", "unchanged", "moved", "gone"),
        ("error", "warning", "reused", "changed", "moved", "kept", "gone", "new"),
        findings.HEADINGS,
        _families,
    ),
    "invoices": ReportWords(
        "Factures et leurs PDF",
        "Ce que ce fichier changerait",
        "Factures, site par site",
        invoice_findings.KINDS,
        ("new", "changed", "unchanged", "absent"),
        ("error", "warning", "changed", "absent", "new"),
        invoice_findings.HEADINGS,
        _invoices,
    ),
    "places": ReportWords(
        "Liste des places",
        "Ce que ce fichier changerait",
        "Ensembles de places, site par site",
        place_findings.KINDS,
        ("new", "changed", "unchanged", "gone", "held"),
        ("error", "warning", "changed", "gone", "held", "new"),
        place_findings.HEADINGS,
        _places,
    ),
    "offers": ReportWords(
        "Propositions de places",
        "Ce qui serait proposé, et à qui",
        "Propositions, site par site",
        place_findings.OFFER_KINDS,
        ("offered", "expired", "freed"),
        ("warning", "offered", "expired", "freed"),
        place_findings.OFFER_HEADINGS,
        _offers,
        "Proposer ces places",
        is_file=False,
    ),
}
