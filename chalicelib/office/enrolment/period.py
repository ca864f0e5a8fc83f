"""The re-enrolment period: announced for all sites or for one, shown, and taken back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import Overtaken
from chalicelib.office.refused import Refused
from chalicelib.office.sentences import say
from chalicelib.office.sites import sites_asked
from chalicelib.services import Services

_FAR: Final = timedelta(days=366)


@dataclass(frozen=True)
class Announced:
    """What was announced, and what is now."""

    before: Periods
    after: Periods
    doubts: tuple[str, ...] = ()  # sentences: what may be a slip


def set_period(services: Services, site: str | None, opens_on: date, closes_on: date, now: datetime) -> Announced:
    """Announce a period for a site, or for all; a site's own goes before that of all. Raises `Refused`."""
    sites_asked(services.settings.network, site)
    try:
        period = EnrolmentPeriod(opens_on, closes_on)
    except ValueError:
        raise Refused("period_backwards") from None
    return replace(_write(services, site, period), doubts=_doubts(period, now))


def clear_period(services: Services, site: str | None) -> Announced:
    """Take back what was announced for a site, or for all. Raises `Refused`."""
    sites_asked(services.settings.network, site)
    return _write(services, site, None)


def _doubts(period: EnrolmentPeriod, now: datetime) -> tuple[str, ...]:
    if period.state(now) == "after":
        return (say("period_over"),)
    return (say("period_far"),) if period.state(now + _FAR) == "before" else ()


def _write(services: Services, site: str | None, period: EnrolmentPeriod | None) -> Announced:
    before = services.periods.read()
    if site is None:
        after = replace(before, of_all=period)
    else:
        others = {code: each for code, each in before.of_sites if code != site}
        kept = others | ({site: period} if period else {})
        after = replace(before, of_sites=tuple(sorted(kept.items())))
    try:
        services.periods.write(before, after)
    except Overtaken:
        raise Refused("period_moved") from None
    return Announced(before, after)
