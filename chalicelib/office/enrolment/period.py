"""The re-enrolment period: announced for all sites or for one, shown, and taken back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import WriteConflict
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.sentences import sentence
from chalicelib.office.sites import select_sites
from chalicelib.services import Services
from chalicelib.values import frozen

_FAR: Final = timedelta(days=366)


@frozen
class PeriodChange:
    """What was announced, and what is now."""

    before: Periods
    after: Periods
    warnings: tuple[str, ...] = ()  # sentences: what may be a slip


def set_period(services: Services, site: str | None, opens_on: date, closes_on: date, now: datetime) -> PeriodChange:
    """Announce a period for a site, or for all; a site's own goes before that of all. Raises `OfficeRefusal`."""
    select_sites(services.settings.network, site)
    try:
        period = EnrolmentPeriod(opens_on, closes_on)
    except ValueError:
        raise OfficeRefusal("period_backwards") from None
    return replace(_write(services, site, period), warnings=_warnings(period, now))


def clear_period(services: Services, site: str | None) -> PeriodChange:
    """Take back what was announced for a site, or for all. Raises `OfficeRefusal`."""
    select_sites(services.settings.network, site)
    return _write(services, site, None)


def _warnings(period: EnrolmentPeriod, now: datetime) -> tuple[str, ...]:
    if period.state(now) == "after":
        return (sentence("period_over"),)
    return (sentence("period_far"),) if period.state(now + _FAR) == "before" else ()


def _write(services: Services, site: str | None, period: EnrolmentPeriod | None) -> PeriodChange:
    before = services.periods.read()
    if site is None:
        after = replace(before, of_all=period)
    else:
        others = {code: own for code, own in before.of_sites if code != site}
        periods = others | ({site: period} if period else {})
        after = replace(before, of_sites=tuple(sorted(periods.items())))
    try:
        services.periods.write(before, after)
    except WriteConflict:
        raise OfficeRefusal("period_moved") from None
    return PeriodChange(before, after)
