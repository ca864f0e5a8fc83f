"""How long requests are kept: what is over, some time after the period; what got no place, for the school year."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.admission.applications import OVER, Application, State
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.enrolment.seasons import forgotten_at

DRAFTS_LAST: Final = timedelta(days=30)  # since they were left


def expires_at(application: Application) -> datetime:
    """Compute from when nothing is kept of it, if nobody purges it before: a draft, some days after it was left."""
    left = application.saved_at or application.started_at
    if application.sent or left is None:
        return forgotten_at(application.ref.season)
    return left + DRAFTS_LAST


def is_forgotten(application: Application, now: datetime) -> bool:
    """Whether its time is over, though the table may still hold it."""
    return application.started_at is not None and expires_at(application) <= now


def ends_waiting(season: str) -> datetime:
    """Compute when nobody waits for a place any more: the school year that the season prepared is over."""
    return datetime(int(season) + 1, 9, 1, tzinfo=PARIS)


def closed_at(applications: Iterable[Application], period_ends: datetime | None) -> datetime | None:
    """Find when the period of a season closed, the last of all sites.

    Where another year's is announced by now, nothing tells but the last request that was sent; None: none was.
    """
    return period_ends or max((one.sent.at for one in applications if one.sent), default=None)


def due_at(application: Application, closed: datetime, refused_last: timedelta) -> datetime:
    """Compute from when it is purged: when the last of its candidates is.

    One that was refused, withdrew or has an account, so long after the period; one that still waits, once the school
    year is over.
    """
    sent = application.sent
    if sent is None:
        return expires_at(application)
    states = [application.state(candidate.key) for candidate in sent.answers.candidates]
    return max((_due_at(application.ref.season, state, closed + refused_last) for state in states), default=closed)


def _due_at(season: str, state: State, over: datetime) -> datetime:
    return over if state in OVER else max(over, ends_waiting(season))
