"""`clef period show`: the announced period of each site, with the sentence for its families."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from agency.console import output
from agency.console.connection import Connection, connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.office.enrolment.period import PeriodOf, period_kinds, period_store
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.announcement import announcements
from chalicelib.presentation.texts import admission_period

New = Annotated[
    bool,
    typer.Option(
        "--new",
        hidden="new_requests" not in period_kinds(),
        help="La période des nouvelles demandes (« Pré-inscription »).",
    ),
]


def period_of(*, new: bool) -> PeriodOf:
    """Find the kind of period that the option asks for. Raises `OfficeRefusal` if the network has no applications."""
    if new and "new_requests" not in period_kinds():
        raise OfficeRefusal("admission_left_out")
    return "new_requests" if new else "reenrolment"


def show(*, new: New = False, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer la période de chaque site, et ce que les familles lisent en ce moment.

    Exemple : clef period show
    """
    connection = connect(stage)
    of = period_of(new=new)
    periods = period_store(connection.services, of).read()
    if as_json:
        output.print_json({"sites": periods_json(connection, periods)})
    else:
        rows = period_rows(connection, periods, of)
        output.table("", ["Site", "Période", "Ce que lisent les familles"], rows)


def period_rows(connection: Connection, periods: Periods, of: PeriodOf) -> Iterable[tuple[str, str, str]]:
    """Write the name of each site, the days of its period, and the sentence for its families."""
    network, now = connection.services.settings.network, connection.services.clock()
    for site in network.sites:
        period = periods.of(site.code)
        (announcement,) = announcements(network, periods, now, site.code)
        sentence = announcement.sentence if of == "reenrolment" else admission_period(period, now)
        yield site.name, days(period), sentence


def days(period: EnrolmentPeriod | None) -> str:
    """Write the days of a period, or that none is announced."""
    return f"{period.opens_on:%d/%m/%Y} - {period.closes_on:%d/%m/%Y}" if period else "non annoncée"


def periods_json(connection: Connection, periods: Periods) -> dict[str, Any]:
    """List the period of each site for a program."""
    network, now = connection.services.settings.network, connection.services.clock()
    by_site = {site.code: periods.of(site.code) for site in network.sites}
    return {
        code: period and {"opens_on": period.opens_on, "closes_on": period.closes_on, "state": period.state(now)}
        for code, period in by_site.items()
    }
