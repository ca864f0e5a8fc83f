"""The report of a rehearsal: answers by page, metrics of functions, its price, and the needs of larger openings."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from agency.console import output
from agency.rehearsal.replay import Replay, Sample
from operations.deploy.capacity import (
    FAMILY_VISIT,
    GATEWAY_REQUESTS,
    LOST_PASSWORD,
    MINUTE,
    NEW_FAMILY_VISIT,
    OPENINGS,
    Visit,
    at_once,
    minutes_to_mail,
)

_REFUSALS: Final = (401, 403, 429, 503)
_REDIRECT, _ERROR = 303, 400
_STATIC: Final = "page "  # the beginning of a name: the CDN answers, without the API
_SIZES: Final = OPENINGS[:2]


@dataclass(frozen=True)
class VisitCounts:
    """The visits of a rehearsal by kind."""

    families: int
    lost_passwords: int
    new_families: int

    @property
    def mails(self) -> int:
        """The mails to the simulator: a receipt each, and the passwords."""
        return self.families + self.lost_passwords + self.new_families

    def visit(self, requests: float | None = None) -> Visit:
        """Add up the billed units, with the requests that were made if they are known."""
        kinds = ((FAMILY_VISIT, self.families), (LOST_PASSWORD, self.lost_passwords))
        parts = [(asdict(kind), count) for kind, count in (*kinds, (NEW_FAMILY_VISIT, self.new_families))]
        units = {name: sum(part[name] * count for part, count in parts) for name in parts[0][0]}
        return Visit(**units | {"mails": self.mails} | ({} if requests is None else {"requests": requests}))


@dataclass(frozen=True)
class RehearsalReport:
    """The results of a rehearsal. `mailed`: the minutes until the queues were empty, None if they were not.

    `functions`: their metrics, if CloudWatch has any.
    """

    counts: VisitCounts
    replay: Replay
    mailed: float | None
    functions: Mapping[str, Mapping[str, float]]

    @property
    def is_well(self) -> bool:
        """Whether every visit came to its end, and every mail left."""
        return not self.replay.lost and self.mailed is not None

    def as_json(self) -> dict[str, Any]:
        """Write it for a program."""
        samples = self.replay.samples
        return {
            **asdict(self.counts),
            "seconds": round(self.replay.seconds, 1),
            "late_seconds": round(self.replay.late, 2),
            "pages": [_page_json(page, of_page) for page, of_page in _by_page(samples)],
            "let_down": Counter(self.replay.lost),
            "mailed_minutes": self.mailed,
            "functions": self.functions,
            "dollars": round(self._dollars, 4),
            "openings": list(self._openings()),
        }

    @property
    def _dollars(self) -> float:
        requests = sum(not sample.page.startswith(_STATIC) for sample in self.replay.samples)
        return self.counts.visit(requests).dollars

    def _openings(self) -> Iterator[dict[str, float]]:
        """Scale the model, and the seconds of a visit as seen from here, to larger networks."""
        visits = max(1, self.counts.families + self.counts.new_families)
        seen = sum(sample.seconds for sample in self.replay.samples if not sample.page.startswith(_STATIC)) / visits
        for opening in _SIZES:
            yield {
                "families": opening.families,
                "in_opening_minute": opening.in_minute,
                "at_once_by_model": at_once(opening.in_minute),
                "at_once_as_seen": at_once(opening.in_minute, seen),
                "requests_a_second": opening.in_minute / MINUTE * FAMILY_VISIT.requests,
                "gateway_requests_a_second": GATEWAY_REQUESTS,
                "receipts_minutes": round(minutes_to_mail(opening.families * FAMILY_VISIT.mails), 1),
                "dollars": round(FAMILY_VISIT.dollars * opening.families, 2),
            }

    def print(self) -> None:
        """Print it as tables."""
        rows = (_row(page, of_page) for page, of_page in _by_page(self.replay.samples))
        refusals = [str(status) for status in _REFUSALS]
        output.table("", ["Page", "Requêtes", "Médiane, ms", "95 %", "99 %", *refusals, "Autres"], rows)
        for reason, count in Counter(self.replay.lost).most_common():
            output.say(f"Visites perdues : {count} ({reason}).")
        if self.replay.late > 1:
            output.say(
                f"Cette machine n'a pas tenu la cadence : un départ a eu {self.replay.late:.0f} s de retard. Les temps "
                "ci-dessus sont aussi les siens : recommencez avec moins de familles, ou une machine plus rapide."
            )
        mailed = "la file n'est pas vide" if self.mailed is None else f"partis en {self.mailed:.1f} min"
        output.say(f"Mails au simulateur de SES : {self.counts.mails}, {mailed}.")
        self._print_functions()
        output.say(f"Prix de cette répétition, au tarif public : {self._dollars:.3f} $.")
        headings = ["Familles", "Dans la minute", "Fonctions à la fois (modèle)", "D'après ces temps"]
        needs = [
            (
                f"{opening['families']:,}".replace(",", " "),
                f"{opening['in_opening_minute']:.0f}",
                opening["at_once_by_model"],
                opening["at_once_as_seen"],
                f"{opening['requests_a_second']:.0f} sur {GATEWAY_REQUESTS}",
                f"{opening['receipts_minutes']:.0f}",
                f"{opening['dollars']:.2f}",
            )
            for opening in self._openings()
        ]
        output.table("", [*headings, "Requêtes par s, au plus", "Reçus partis, min", "Prix, $"], needs)

    def _print_functions(self) -> None:
        if not self.functions:
            output.say(
                "CloudWatch n'a pas (encore) de mesures des fonctions : regardez dans dix minutes le graphique "
                "« ConcurrentExecutions » et « Throttles » de ce moment (docs/runbook.md, « Opening day »)."
            )
            return
        names = ("at_once", "throttles", "errors")
        rows = [
            (short, *(f"{of[name]:.0f}" if name in of else "-" for name in names))
            for short, of in self.functions.items()
        ]
        output.table("", ["Fonction", "À la fois, au plus", "Refus (throttles)", "Erreurs"], rows)


def _by_page(samples: Iterable[Sample]) -> Iterator[tuple[str, list[Sample]]]:
    pages: dict[str, list[Sample]] = {}
    for sample in list(samples):
        pages.setdefault(sample.page, []).append(sample)
    return iter(pages.items())


def quantile(seconds: Iterable[float], share: float) -> float:
    """Return the time that a share of the requests did not exceed, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[math.ceil(share * len(ordered)) - 1]


def _page_json(page: str, samples: list[Sample]) -> dict[str, Any]:
    seconds = [sample.seconds for sample in samples]
    refused = Counter(str(sample.status) for sample in samples if sample.status >= _ERROR)
    return {
        "page": page,
        "requests": len(samples),
        "median_ms": round(1000 * statistics.median(seconds)),
        "p95_ms": round(quantile(seconds, 0.95)),
        "p99_ms": round(quantile(seconds, 0.99)),
        "refused": refused,
    }


def _row(page: str, samples: list[Sample]) -> tuple[object, ...]:
    facts = _page_json(page, samples)
    refused = facts["refused"]
    known = [refused.pop(str(status), 0) for status in _REFUSALS]
    times = (facts["requests"], facts["median_ms"], facts["p95_ms"], facts["p99_ms"])
    return (page, *times, *known, sum(refused.values()))
