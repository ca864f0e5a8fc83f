"""The hourly and morning jobs on this machine: each hour, and on request as if some hours later."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.teaching.school_years import today
from chalicelib.office.admission.offers import advance
from chalicelib.office.teaching.recall import post_reminders
from chalicelib.services.family import Services
from chalicelib.work.offers import offers
from chalicelib.work.rolls import rolls
from tools.local.post import Worker

_HOUR: Final = timedelta(hours=1)


class Hourly(Worker):
    """The role of EventBridge and Lambda. A failed job is reported, and runs again in the next hour."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def run(self) -> None:
        """Run the jobs each hour."""
        while True:
            time.sleep(_HOUR.total_seconds())
            for job in (offers, rolls):  # the morning's each hour too: a recall is sent only once
                try:
                    job(_event(datetime.now(UTC)), None)
                except Exception as error:  # noqa: BLE001 - as Lambda does
                    print(f"hourly: {type(error).__name__}: {error}", flush=True)

    def run_now(self, later: timedelta) -> None:
        """Run the jobs as if it were so much later, for testers who cannot wait for an offer's term."""
        now = self._services.clock()
        advance(self._services, now + later)
        post_reminders(
            self._services, "local", today(now + later), now
        )  # for rolls, so many hours later may be another day


def _event(now: datetime) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "local",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "",
        "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "region": "",
        "resources": [],
        "detail": {},
    }
