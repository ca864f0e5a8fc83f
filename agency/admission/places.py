"""`clef places import|show|advance`: the number of places, their holders, and the offers of free ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, Site, SiteOfFile, Stage
from agency.console.output import plural
from chalicelib.domain.admission.pools import Pool
from chalicelib.domain.roster.yearly_file import YearlyFile
from chalicelib.office.admission import offers
from chalicelib.office.admission.import_places import Kind, PlacesSurvey, PoolImport, carry_out, survey_places
from chalicelib.office.admission.places import PoolOverview, places_overview
from chalicelib.office.files.open_file import open_file
from chalicelib.office.files.place_columns import PLACES
from chalicelib.presentation.office.anomalies import sentence

File = Annotated[Path, typer.Argument(metavar="FICHIER", help="La liste des places, CSV ou XLSX.")]

_KINDS: Final[dict[Kind, str]] = {
    "new": "Nouvelles",
    "changed": "Changées",
    "unchanged": "Inchangées",
    "gone": "Absentes du fichier (retirées)",
    "held": "Absentes du fichier, mais déjà proposées : gardées",
}


def import_places(
    file: File, *, apply: Apply = False, site: SiteOfFile = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Lire la liste des places : nouvelles, changées, absentes, et ce qui cloche ; --apply les enregistre.

    Exemple : clef places import places-2027.csv
    """
    services = connect(stage).services
    places = open_file(file, services.settings.network, site, PLACES)
    survey = survey_places(services, places, services.clock())
    if apply and not survey.anomalies:
        carry_out(services, survey)
    if as_json:
        output.print_json(_survey_json(places, survey, applied=apply and not survey.anomalies))
    else:
        _show_survey(places, survey, apply=apply)
    if survey.anomalies:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def show(*, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer les places : combien, pour les réinscrits, proposées, acceptées, libres, et combien attendent.

    Exemple : clef places show --site evry-xenakis
    """
    services = connect(stage).services
    overview = places_overview(services, site, services.clock())
    if as_json:
        pools = [_overview_json(one) for one in overview.pools]
        output.print_json({"season": overview.season, "pools": pools})
        return
    headings = ["Site", "Place", "En tout", "Réinscrits", "Nouvelles", "Proposées", "Acceptées", "Libres", "En attente"]
    output.table("", headings, [_overview_row(one) for one in overview.pools])
    output.say(f"Pré-inscription {overview.season}. Places nouvelles : {_sum(overview.pools)}.")
    for row in overview.pools:
        if row.recounted is not None:
            said = f"{row.pool.ref.code}, {row.pool.ref.site} : {row.recounted} réinscrits d'après les réinscriptions"
            output.say(f"{said}, {row.pool.returning} d'après le fichier. Importez-le à nouveau s'il a changé.")


def advance(*, apply: Apply = False, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Faire maintenant ce qui se fait chaque heure : reprendre ce qui a expiré, proposer ce qui est libre.

    Exemple : clef places advance
    """
    services = connect(stage).services
    changes = offers.advance(services, services.clock(), apply=apply)
    if as_json:
        output.print_json({"applied": apply, "pools": [_change_json(change) for change in changes]})
        return
    rows = [(one.pool.site, one.pool.code, len(one.offered), len(one.expired), len(one.freed)) for one in changes]
    if not rows:
        output.say("Rien à proposer, rien à reprendre.")
        return
    output.table("", ["Site", "Place", "Propositions", "Délais passés", "Libérées"], rows)
    for change in changes:
        for candidate in change.offered:
            output.say(f"{change.pool.code}, {change.pool.site} : {candidate.number}")
    output.say("C'est fait." if apply else "Rien n'a été écrit : ajoutez --apply pour le faire.")


def _show_survey(places: YearlyFile, survey: PlacesSurvey, *, apply: bool) -> None:
    lines = [(one.line, places.headings[one.column] if one.column else "", sentence(one)) for one in survey.anomalies]
    if lines:
        output.table(f"Anomalies : {len(lines)}", ["Ligne", "Colonne", "Remarque"], lines)
    for kind, title in _KINDS.items():
        rows = [_import_row(one) for one in survey.pools if one.kind == kind]
        if rows and kind != "unchanged":
            output.table(f"{title} : {len(rows)}", ["Site", "Place", "En tout", "Réinscrits", "Avant"], rows)
    for words in _sentences(places, survey, apply=apply):
        output.say(words)


def _sentences(places: YearlyFile, survey: PlacesSurvey, *, apply: bool) -> Iterator[str]:
    kept = [one.pool for one in survey.pools if one.kind in {"new", "changed", "unchanged"}]
    unchanged = sum(one.kind == "unchanged" for one in survey.pools)
    yield f"Lignes lues : {survey.rows}. Places nouvelles : {sum(pool.capacity for pool in kept)}."
    if unchanged:
        yield f"Inchangées : {unchanged}."
    if places.ignored:
        yield f"Colonnes ignorées : {', '.join(places.ignored)}."
    if survey.counted:
        yield "Réinscrits comptés d'après les réinscriptions envoyées et non refusées."
        for (site, discipline), number in sorted(survey.counted.elsewhere.items()):
            pupils = plural(number, "réinscrit")
            yield f"{discipline}, {site} : {pupils} dans aucune de ces places, par le niveau ou l'âge. Comptez-les."
    if survey.anomalies:
        yield "Rien n'a été écrit : une ligne fausse ferait croire que ses places ont disparu. Corrigez, puis relancez."
    else:
        yield "C'est enregistré." if apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."


def _import_row(row: PoolImport) -> tuple[object, ...]:
    before = (
        f"{row.before.total}, dont {row.before.returning} réinscrits" if row.kind == "changed" and row.before else ""
    )
    return row.pool.ref.site, row.pool.ref.code, row.pool.total, row.pool.returning, before


def _overview_row(overview: PoolOverview) -> tuple[object, ...]:
    pool = overview.pool
    counts = (pool.total, pool.returning, pool.capacity, overview.offered, overview.taken, pool.free, overview.waiting)
    return pool.ref.site, pool.ref.code, *counts


def _sum(pools: Iterable[PoolOverview]) -> int:
    return sum(one.pool.capacity for one in pools)


def _pool_json(pool: Pool) -> dict[str, Any]:
    return {
        "site": pool.ref.site,
        "code": pool.ref.code,
        "discipline": pool.discipline,
        "level": pool.level or None,
        "youngest": pool.youngest,
        "oldest": pool.oldest,
        "total": pool.total,
        "returning": pool.returning,
        "places": pool.capacity,
    }


def _overview_json(overview: PoolOverview) -> dict[str, Any]:
    pool = overview.pool
    counts = {"offered": overview.offered, "taken": overview.taken, "free": pool.free, "waiting": overview.waiting}
    return _pool_json(pool) | counts | {"recounted": overview.recounted, "started_at": pool.started_at}


def _survey_json(places: YearlyFile, survey: PlacesSurvey, *, applied: bool) -> dict[str, Any]:
    wrong = [
        {
            "line": one.line,
            "code": one.code,
            "column": places.headings[one.column] if one.column else "",
            "sentence": sentence(one),
        }
        for one in survey.anomalies
    ]
    pools = [{"kind": one.kind, "line": one.line, **_pool_json(one.pool)} for one in survey.pools]
    facts = {"applied": applied, "season": survey.season, "rows": survey.rows, "headings_ignored": places.ignored}
    return {**facts, "anomalies": wrong, "pools": pools, "returning_counted": survey.counted is not None}


def _change_json(change: offers.PoolChange) -> dict[str, Any]:
    return {
        "site": change.pool.site,
        "code": change.pool.code,
        "offered": list(map(str, change.offered)),
        "expired": list(map(str, change.expired)),
        "freed": list(map(str, change.freed)),
    }
