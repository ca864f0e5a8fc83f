"""Replay visits over HTTP as they arrive in an opening, and note each answer."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from operations.deploy.stack import StackAddress
from operations.journeys.browser import Browser
from operations.journeys.journey import JourneyLost

Visit = Callable[[Browser], object]  # raises `JourneyLost`


@dataclass(frozen=True)
class Sample:
    """The answer to a request: its page, its status, and its seconds as seen from here."""

    page: str
    status: int
    seconds: float


@dataclass
class Replay:
    """The answers of a rehearsal, the visits that ended early, and the greatest delay of a start."""

    samples: list[Sample] = field(default_factory=list)
    early_ends: list[str] = field(default_factory=list)
    late: float = 0
    seconds: float = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    def play(self, address: StackAddress, visits: Sequence[Visit], seconds: float, advance: Callable[[], None]) -> None:
        """Start each visit at its moment, and wait until all have ended. A Ctrl-C ends each after its request."""
        threads: list[threading.Thread] = []
        start = time.monotonic()
        try:
            for number, visit in enumerate(visits):
                due = start + arrival(number / len(visits), seconds)
                time.sleep(max(0.0, due - time.monotonic()))
                self.late = max(self.late, time.monotonic() - due)
                threads.append(threading.Thread(target=self._visit, args=(address, visit, advance), daemon=True))
                threads[-1].start()
            for thread in threads:
                thread.join()
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()
            self.seconds = time.monotonic() - start

    def _visit(self, address: StackAddress, visit: Visit, advance: Callable[[], None]) -> None:
        browser = Browser(address, self._note)
        try:
            visit(browser)
        except (JourneyLost, OSError, StopIteration, KeyError) as fault:
            self.early_ends.append(f"{type(fault).__name__}: {fault}")
        finally:
            browser.close()
            advance()

    def _note(self, page: str, status: int, seconds: float) -> None:
        self.samples.append(Sample(page, status, seconds))
        if self._is_over.is_set():
            raise JourneyLost("interrupted")


def arrival(share: float, seconds: float) -> float:
    """Return the moment by which a share of the families has come: twice the mean rate at first, then ever fewer."""
    return seconds * (1 - math.sqrt(1 - share))
