"""The service's clock on this machine: the machine's own, turned by hand. The jobs of the skipped time are run."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib import wiring
from chalicelib.domain.enrolment.periods import today
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.office.offers import advance
from chalicelib.wings.teaching.office.recall import post_reminders
from tools.local.functions import HANDLERS

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MORNING: Final = 5  # o'clock UTC: the job of the rolls (chalicelib/wings/teaching/work.py)
_LONGEST: Final = 366 * _DAY
_OFFERS: Final = 30  # runs at most, so that no turn takes long
_MORNINGS: Final = 8


class LocalClock:
    """Reads the turned clock, in whole seconds as the product's. `hasten`: shortens other waits by a turn."""

    def __init__(self, hasten: Callable[[timedelta], None]) -> None:
        self.ahead = timedelta()
        self._hasten = hasten
        self._turning = threading.Lock()

    def __call__(self) -> datetime:
        """Read it."""
        return (datetime.now(UTC) + self.ahead).replace(microsecond=0)

    def turn(self, then: datetime) -> None:
        """Turn it to a moment, a year away at most. Each skipped job sees its own hour."""
        with self._turning:
            now = self()
            then = min(max(then, now - _LONGEST), now + _LONGEST)
            for at, job in sorted(_skipped(now, then), key=lambda skipped: skipped[0]):
                self.ahead = at - datetime.now(UTC)
                _run(job, at)
            self.ahead = then - datetime.now(UTC)
            self._hasten(then - now)

    def go_back(self) -> None:
        """Show the machine's time again."""
        self.ahead = timedelta()


def _skipped(start: datetime, end: datetime) -> Iterator[tuple[datetime, Any]]:
    """List the jobs between two moments: the offers of each hour, fewer in a longer time, and the last mornings."""
    step = max(_HOUR, (end - start) / _OFFERS)
    yield from ((at, job) for job in _jobs("offers") for at in _every(step, start + step, end))
    morning = start.replace(hour=_MORNING, minute=0, second=0)
    first = morning if morning > start else morning + _DAY
    yield from ((at, job) for job in _jobs("rolls") for at in list(_every(_DAY, first, end))[-_MORNINGS:])


def _jobs(*names: str) -> Iterator[Any]:
    """List those of these scheduled functions that the network has."""
    return (_rolls_of_all if name == "rolls" else HANDLERS[name] for name in names if name in HANDLERS)


def _every(step: timedelta, first: datetime, end: datetime) -> Iterator[datetime]:
    while first <= end:
        yield first
        first += step


def _rolls_of_all(event: dict[str, Any], context: None) -> None:
    """Run the morning's job of each site at once. Deployed, they begin seconds later, which is another hour here."""
    for site in wiring.services(OfficeServices).settings.network.sites:
        HANDLERS["rolls"](event | {"detail": {"site": site.code}}, context)


def _run(job: Any, now: datetime) -> None:  # noqa: ANN401 - a handler of Chalice, with Lambda's signature
    event = {
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
    try:
        job(event, None)
    except Exception as error:  # noqa: BLE001 - as Lambda does
        print(f"scheduled: {type(error).__name__}: {error}", flush=True)


class Hourly(threading.Thread):
    """The role of EventBridge and Lambda. A failed job is reported, and runs again in the next hour."""

    def __init__(self, services: OfficeServices) -> None:
        super().__init__(daemon=True)
        self._services = services

    def run(self) -> None:
        """Run the jobs each hour."""
        while True:
            time.sleep(_HOUR.total_seconds())
            for job in _jobs("offers", "rolls"):  # the morning's each hour too: a recall is sent only once
                _run(job, self._services.clock())

    def run_now(self, later: timedelta) -> None:
        """Run the jobs as if it were so much later, for testers who cannot wait for an offer's term."""
        now = self._services.clock()
        if "offers" in HANDLERS:
            advance(self._services, now + later)
        sites = self._services.settings.network.sites if "rolls" in HANDLERS else ()
        for site in sites:  # so many hours later may be another day
            post_reminders(self._services, site.code, "local", today(now + later), now)
