"""`clef period set|show|clear`: the re-enrolment period, told to families on the public pages and on « Accueil »."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import typer

from agency.console import show
from agency.console.connection import Connection, connect
from agency.console.days import day_typed
from agency.console.ending import Code
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.publishing import publish
from chalicelib.announcement import announced
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.office.enrolment.period import Announced, clear_period, set_period

commands = typer.Typer(help="La période de réinscription, pour tous les sites ou pour un seul.", no_args_is_help=True)


Site = Annotated[str | None, typer.Option(metavar="CODE", help="Le code d'un site ; sans lui, tous les sites.")]
First = Annotated[
    date, typer.Argument(parser=day_typed, metavar="PREMIER_JOUR", help="Le premier jour : 2027-06-01 ou 01/06/2027.")
]
Last = Annotated[date, typer.Argument(parser=day_typed, metavar="DERNIER_JOUR", help="Le dernier jour, inclus.")]


@commands.command("set")
def set_(first: First, last: Last, *, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Annoncer une période : premier et dernier jour, tous deux inclus, à l'heure de Paris."""
    connection = connect(stage)
    change = set_period(connection.services, site, first, last, connection.services.clock())
    _publish(connection, change, as_json=as_json)
    if site is None and not as_json:
        _tell_who_keeps_its_own(change.after)
    if change.doubts:
        raise typer.Exit(Code.TO_LOOK_AT)


@commands.command()
def clear(*, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Retirer la période annoncée pour un site ; sans --site, celle de tous."""
    connection = connect(stage)
    _publish(connection, clear_period(connection.services, site), as_json=as_json)


@commands.command("show")
def show_(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer la période de chaque site, et ce que les familles lisent en ce moment."""
    connection = connect(stage)
    periods = connection.services.periods.read()
    if as_json:
        show.as_json({"sites": _as_json(connection, periods)})
    else:
        show.table("", ["Site", "Période", "Ce que lisent les familles"], _rows(connection, periods))


def _publish(connection: Connection, change: Announced, *, as_json: bool) -> None:
    pages = publish(connection, change.after)
    if as_json:
        sites, before = (_as_json(connection, periods) for periods in (change.after, change.before))
        show.as_json({"sites": sites, "before": before, "published": pages, "warnings": change.doubts})
        return
    former = [days for _, days, _ in _rows(connection, change.before)]
    rows = [(site, was, *now) for was, (site, *now) in zip(former, _rows(connection, change.after), strict=True)]
    show.table("", ["Site", "Avant", "Maintenant", "Ce que lisent les familles"], rows)
    show.say(_published(len(pages)))
    for doubt in change.doubts:
        show.note(doubt)


def _tell_who_keeps_its_own(periods: Periods) -> None:
    for code, _ in periods.of_sites:
        show.say(f"{code} garde sa propre période ; pour la retirer : clef period clear --site {code}")


def _published(count: int) -> str:
    if count == 0:
        return "Les pages publiques le disaient déjà."
    pages = "1 page publiée" if count == 1 else f"{count} pages publiées"
    return f"{pages} : tout le monde lit la nouvelle version d'ici cinq minutes."


def _rows(connection: Connection, periods: Periods) -> Iterable[tuple[str, str, str]]:
    network, now = connection.services.settings.network, connection.services.clock()
    for site in network.sites:
        (said,) = announced(network, periods, now, site.code)
        yield site.name, _days(periods.of(site.code)), said.sentence


def _days(period: EnrolmentPeriod | None) -> str:
    return f"{period.opens_on:%d/%m/%Y} - {period.closes_on:%d/%m/%Y}" if period else "non annoncée"


def _as_json(connection: Connection, periods: Periods) -> dict[str, Any]:
    services = connection.services
    now = services.clock()
    held = {site.code: periods.of(site.code) for site in services.settings.network.sites}
    return {
        code: period and {"opens_on": period.opens_on, "closes_on": period.closes_on, "state": period.state(now)}
        for code, period in held.items()
    }
