"""The opening minute of applications, replayed over HTTP: `python -m tools.bench.opening_day --families 40`.

So many new families arrive within `--seconds` at the service as `make run` starts it, each with its own thread and
client address, and go on to their receipt with no pause but the three seconds that a page requires. Moto stands for
AWS, one request at a time: the figures show failures, and the relative cost of pages.
"""

import argparse
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tools.application import NewFamily, ask_for_place
from tools.journey import JourneyLost
from tools.outside import Browser, LetterBox, running

_ADDRESSES = 250  # client addresses of the loopback: over 30 families in ten minutes behind one are slowed down
_WISHES = (("Piano", "evry-magnard"), ("Violon", "evry-xenakis"), ("Guitare", "bondoufle-gounod"))


class Replay:
    """Simulated families, the seconds of each page, and the failures."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._mailbox = LetterBox(url)
        self._lock = threading.Lock()
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.numbers: set[str] = set()
        self.lost: list[str] = []

    def play(self, families: int, seconds: float) -> None:
        """Start the families evenly, and wait until the last one has left."""
        threads = [threading.Thread(target=self._come, args=(number,)) for number in range(families)]
        for thread in threads:
            thread.start()
            time.sleep(seconds / families)
        for thread in threads:
            thread.join()
        self._mailbox.stop()

    def _come(self, number: int) -> None:
        browser = Browser(self._url, f"127.0.1.{number % _ADDRESSES + 1}", self._note)
        try:
            got = ask_for_place(browser.send, _family(number), self._mailbox.code, time.sleep)
        except (JourneyLost, OSError, StopIteration) as fault:
            with self._lock:
                self.lost.append(f"{type(fault).__name__}: {fault}")
        else:
            with self._lock:
                self.numbers.add(got)

    def _note(self, page: str, seconds: float) -> None:
        with self._lock:
            self.seconds[page].append(seconds)


def _family(number: int) -> NewFamily:
    discipline, site = _WISHES[number % len(_WISHES)]
    wish = {"discipline-1": discipline, "site-1": site, "niveau-1": "Débutant"}
    pupil: Mapping[str, str] = {"prenom": f"Alba {_letters(number)}", "nom": "Geai", "naissance": "14/03/2016", **wish}
    return NewFamily(f"famille{number}@example.org", (pupil,))


def _letters(number: int) -> str:
    """Write a number in letters, as a name has no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _table(seconds: Mapping[str, list[float]]) -> Iterator[str]:
    yield "| page | requests | median, ms | 95 %, ms |"
    yield "|---|---:|---:|---:|"
    for page, all_seconds in seconds.items():
        ordered = sorted(all_seconds)
        late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        yield f"| {page} | {len(ordered)} | {1000 * statistics.median(ordered):.0f} | {1000 * late:.0f} |"


def main() -> None:
    """Replay, print the table, and exit with 1 if a family failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    with running() as url:
        replay = Replay(url)
        start = time.monotonic()
        replay.play(asked.families, asked.seconds)
        took = time.monotonic() - start
    print("\n".join(_table(replay.seconds)))
    requests = sum(map(len, replay.seconds.values()))
    print(f"\n{len(replay.numbers)} receipts, {requests} requests in {took:.0f} s; let down: {len(replay.lost)}.")
    print("\n".join(sorted(set(replay.lost))))
    sys.exit(bool(replay.lost) or len(replay.numbers) != asked.families)


if __name__ == "__main__":
    main()
