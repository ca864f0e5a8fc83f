"""The hour's job on this machine: each hour by itself, and whenever it is asked for, as if some hours later."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.jobs.offers import offers
from chalicelib.office.admission.offers import advance
from chalicelib.services import Services
from tools.local.post import Worker

_HOUR: Final = timedelta(hours=1)


class Hourly(Worker):
    """What EventBridge and Lambda do together; a job that fails is told, and comes again with the next hour."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def run(self) -> None:
        """Do it each hour until it is stopped."""
        while not self.stopped.wait(_HOUR.total_seconds()):
            try:
                offers(_event(datetime.now(UTC)), None)
            except Exception as error:  # noqa: BLE001 - as Lambda does
                print(f"offers: {type(error).__name__}: {error}", flush=True)

    def run_now(self, later: timedelta) -> None:
        """Do it now, as if it were so much later: for who cannot wait until an offer's term."""
        advance(self._services, self._services.clock() + later)


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
