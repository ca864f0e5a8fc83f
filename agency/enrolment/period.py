"""`clef period set|show|clear`: the re-enrolment period, told to families on the public pages and on « Accueil ».

With `--new`, that of new requests, told on « Pré-inscription » at once: nothing is published for it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import typer

from agency.console import output
from agency.console.connection import Connection, connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, AsJson, Stage, parse_day
from agency.console.publishing import publish
from chalicelib.announcement import announcements
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.office.enrolment.period import PeriodChange, PeriodOf, clear_period, period_store, set_period
from chalicelib.texts import requests_period

Site = Annotated[str | None, typer.Option(metavar="CODE", help="Le code d'un site ; sans lui, tous les sites.")]
First = Annotated[
    date, typer.Argument(parser=parse_day, metavar="PREMIER_JOUR", help="Le premier jour : 2027-06-01 ou 01/06/2027.")
]
Last = Annotated[date, typer.Argument(parser=parse_day, metavar="DERNIER_JOUR", help="Le dernier jour, inclus.")]

New = Annotated[bool, typer.Option("--new", help="La période des nouvelles demandes (« Pré-inscription »).")]


def announce(
    first: First, last: Last, *, site: Site = None, new: New = False, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Annoncer une période : premier et dernier jour, tous deux inclus, à l'heure de Paris."""
    connection = connect(stage)
    change = set_period(connection.services, site, first, last, connection.services.clock(), of=_of(new))
    _tell(connection, change, _of(new), as_json=as_json)
    if site is None and not as_json:
        _print_own_periods(change.after, _of(new))
    if change.warnings:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def clear(*, site: Site = None, new: New = False, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Retirer la période annoncée pour un site ; sans --site, celle de tous."""
    connection = connect(stage)
    _tell(connection, clear_period(connection.services, site, _of(new)), _of(new), as_json=as_json)


def show(*, new: New = False, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer la période de chaque site, et ce que les familles lisent en ce moment."""
    connection = connect(stage)
    periods = period_store(connection.services, _of(new)).read()
    if as_json:
        output.print_json({"sites": _as_json(connection, periods)})
    else:
        output.table("", ["Site", "Période", "Ce que lisent les familles"], _rows(connection, periods, _of(new)))


def _of(new: bool) -> PeriodOf:  # noqa: FBT001 - an option as it was typed
    return "new_requests" if new else "reenrolment"


def _tell(connection: Connection, change: PeriodChange, of: PeriodOf, *, as_json: bool) -> None:
    """Publish what families read of it, where that is not read at once, and show what changed."""
    pages = publish(connection, change.after) if of == "reenrolment" else []
    if as_json:
        sites, before = (_as_json(connection, periods) for periods in (change.after, change.before))
        output.print_json({"sites": sites, "before": before, "published": pages, "warnings": change.warnings})
        return
    former = [days for _, days, _ in _rows(connection, change.before, of)]
    rows = [(site, was, *now) for was, (site, *now) in zip(former, _rows(connection, change.after, of), strict=True)]
    output.table("", ["Site", "Avant", "Maintenant", "Ce que lisent les familles"], rows)
    output.say(_published_sentence(len(pages)) if of == "reenrolment" else "« Pré-inscription » le dit dès maintenant.")
    for doubt in change.warnings:
        output.note(doubt)


def _print_own_periods(periods: Periods, of: PeriodOf) -> None:
    new = "" if of == "reenrolment" else "--new "
    for code, _ in periods.of_sites:
        output.say(f"{code} garde sa propre période ; pour la retirer : clef period clear {new}--site {code}")


def _published_sentence(count: int) -> str:
    if count == 0:
        return "Les pages publiques le disaient déjà."
    pages = "1 page publiée" if count == 1 else f"{count} pages publiées"
    return f"{pages} : tout le monde lit la nouvelle version d'ici cinq minutes."


def _rows(connection: Connection, periods: Periods, of: PeriodOf) -> Iterable[tuple[str, str, str]]:
    network, now = connection.services.settings.network, connection.services.clock()
    for site in network.sites:
        period = periods.of(site.code)
        (announcement,) = announcements(network, periods, now, site.code)
        sentence = announcement.sentence if of == "reenrolment" else requests_period(period, now)
        yield site.name, _days(period), sentence


def _days(period: EnrolmentPeriod | None) -> str:
    return f"{period.opens_on:%d/%m/%Y} - {period.closes_on:%d/%m/%Y}" if period else "non annoncée"


def _as_json(connection: Connection, periods: Periods) -> dict[str, Any]:
    services = connection.services
    now = services.clock()
    by_site = {site.code: periods.of(site.code) for site in services.settings.network.sites}
    return {
        code: period and {"opens_on": period.opens_on, "closes_on": period.closes_on, "state": period.state(now)}
        for code, period in by_site.items()
    }
