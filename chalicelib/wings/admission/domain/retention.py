"""Retention of applications: final ones until some time after the period, those without a place for the school year."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS, forgotten_at
from chalicelib.wings.admission.domain.applications import OVER, Application, State

DRAFTS_LAST: Final = timedelta(days=30)  # after their last use


def expires_at(application: Application) -> datetime:
    """Compute the latest date of deletion, even without a purge: for a draft, some days after its last use."""
    last_saved_at = application.saved_at or application.started_at
    if application.sent or last_saved_at is None:
        return forgotten_at(application.ref.season)
    return last_saved_at + DRAFTS_LAST


def is_forgotten(application: Application, now: datetime) -> bool:
    """Whether its time is over, even if the table still holds it."""
    return application.started_at is not None and expires_at(application) <= now


def ends_waiting(season: str) -> datetime:
    """Compute when all waiting ends: at the end of the school year that the season prepares."""
    return datetime(int(season) + 1, 9, 1, tzinfo=PARIS)


def closed_at(applications: Iterable[Application], period_ends: datetime | None) -> datetime | None:
    """Return when the period of a season closed at its last site.

    If another year's period is announced by now, it is the time of the last application sent. None if none was.
    """
    return period_ends or max((one.sent.at for one in applications if one.sent), default=None)


def due_at(application: Application, closed_at: datetime, refused_last: timedelta) -> datetime:
    """Compute its purge date, which is that of its last candidate.

    One that was refused, withdrew or has an account: some time after the period. One that still waits: at the end of
    the school year.
    """
    application_sent = application.sent
    if application_sent is None:
        return expires_at(application)
    states = [application.state(candidate.key) for candidate in application_sent.answers.candidates]
    return max(
        (_due_at(application.ref.season, state, closed_at + refused_last) for state in states), default=closed_at
    )


def _due_at(season: str, state: State, over: datetime) -> datetime:
    return over if state in OVER else max(over, ends_waiting(season))
