"""The re-enrolment period's announcement: one sentence for all sites, or one for each group with the same period."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods, PeriodState
from chalicelib.presentation import texts
from chalicelib.settings.environment import Network
from chalicelib.values import frozen


@frozen
class Announcement:
    """A sentence, and the names of its sites, empty if it applies to all sites shown.

    `period` and `states` are set if the page is rendered without knowing the day: clef.js then shows the sentence of
    the current state.
    """

    sites: tuple[str, ...]
    sentence: str
    period: EnrolmentPeriod | None = None
    states: Mapping[PeriodState, str] | None = None


def announcements(
    network: Network, periods: Periods, now: datetime | None = None, site: str | None = None
) -> tuple[Announcement, ...]:
    """Announce the periods of one site or all, at a moment, or without one in words that stay true."""
    only = network.site(site) if site else None
    groups: dict[EnrolmentPeriod | None, list[str]] = {}
    for one_site in (only,) if only else network.sites:
        groups.setdefault(periods.of(one_site.code), []).append(one_site.name)
    return tuple(
        _announcement(tuple(names) if len(groups) > 1 else (), period, network.period, now)
        for period, names in groups.items()
    )


def announcement_for(network: Network, period: EnrolmentPeriod | None, now: datetime) -> tuple[Announcement, ...]:
    """Announce one site's known period at a moment."""
    return (_announcement((), period, network.period, now),)


def _announcement(
    sites: tuple[str, ...], period: EnrolmentPeriod | None, nothing_announced: str, now: datetime | None
) -> Announcement:
    if period is None:
        return Announcement(sites, nothing_announced)
    if now is not None:
        return Announcement(sites, texts.period(period, now))
    return Announcement(sites, texts.period(period), period, texts.period_states(period))
