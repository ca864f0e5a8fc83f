"""The periods: announced for all sites or for one, shown, and taken back; that of new requests likewise."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from chalicelib.admission_services import admission_stores
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import WriteConflict
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.sentences import sentence
from chalicelib.office.sites import select_sites
from chalicelib.services import Services
from chalicelib.stores.periods import PeriodStore
from chalicelib.values import frozen

PeriodOf = Literal["reenrolment", "new_requests"]

_FAR: Final = timedelta(days=366)


@frozen
class PeriodChange:
    """What was announced, and what is now."""

    before: Periods
    after: Periods
    warnings: tuple[str, ...] = ()  # sentences: what may be a slip


def period_store(services: Services, of: PeriodOf) -> PeriodStore:
    """Find where the periods of the re-enrolment, or of new requests, are kept."""
    return services.periods if of == "reenrolment" else admission_stores(services).periods


def set_period(  # noqa: PLR0913 - which period, of what
    services: Services,
    site: str | None,
    opens_on: date,
    closes_on: date,
    now: datetime,
    *,
    of: PeriodOf = "reenrolment",
) -> PeriodChange:
    """Announce a period for a site, or for all; a site's own goes before that of all. Raises `OfficeRefusal`."""
    select_sites(services.settings.network, site)
    try:
        period = EnrolmentPeriod(opens_on, closes_on)
    except ValueError:
        raise OfficeRefusal("period_backwards") from None
    if of == "new_requests":
        _check_not_drawn(services, site, period, now)
    return replace(_write(period_store(services, of), site, period), warnings=_warnings(period, now))


def clear_period(services: Services, site: str | None, of: PeriodOf = "reenrolment") -> PeriodChange:
    """Take back what was announced for a site, or for all. Raises `OfficeRefusal`."""
    select_sites(services.settings.network, site)
    return _write(period_store(services, of), site, None)


def _check_not_drawn(services: Services, site: str | None, period: EnrolmentPeriod, now: datetime) -> None:
    """Check that no list of a draw is frozen where requests would be taken again. Raises `OfficeRefusal`."""
    own = dict(admission_stores(services).periods.read().of_sites) if site is None else {}
    for one in select_sites(services.settings.network, site):
        is_concerned = one.code not in own and period.state(now) != "after"
        if is_concerned and admission_stores(services).draws.find(one.code, period.season):
            raise OfficeRefusal("period_drawn", site=one.name, place=one.code)


def _warnings(period: EnrolmentPeriod, now: datetime) -> tuple[str, ...]:
    if period.state(now) == "after":
        return (sentence("period_over"),)
    return (sentence("period_far"),) if period.state(now + _FAR) == "before" else ()


def _write(store: PeriodStore, site: str | None, period: EnrolmentPeriod | None) -> PeriodChange:
    before = store.read()
    if site is None:
        after = replace(before, of_all=period)
    else:
        others = {code: own for code, own in before.of_sites if code != site}
        periods = others | ({site: period} if period else {})
        after = replace(before, of_sites=tuple(sorted(periods.items())))
    try:
        store.write(before, after)
    except WriteConflict:
        raise OfficeRefusal("period_moved") from None
    return PeriodChange(before, after)
