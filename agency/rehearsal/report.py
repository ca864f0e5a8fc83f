"""The report of a rehearsal: answers by page, metrics of functions, its price, and the needs of larger openings."""

import math
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any, Final

from agency.console import output
from agency.rehearsal.replay import Replay, Sample
from operations.deploy.capacity import (
    FAMILY_VISIT,
    GATEWAY_REQUESTS,
    LOST_PASSWORD,
    MINUTE,
    OPENINGS,
    Opening,
    VisitCost,
    at_once,
    minutes_to_mail,
)
from operations.deploy.metrics import METRICS

_REFUSALS: Final = ("401", "403", "429", "503")
_ERROR: Final = 400
_STATIC: Final = "page "  # the beginning of a name: the CDN answers, without the API


@dataclass(frozen=True)
class VisitCounts:
    """The visits of a rehearsal by kind."""

    families: int
    lost_passwords: int

    @property
    def mails(self) -> int:
        """The mails to the simulator: a receipt each, and the passwords."""
        return self.families + self.lost_passwords

    def visit(self, requests: float | None = None) -> VisitCost:
        """Add up the billed units, with the requests that were made if they are known."""
        kinds = zip((FAMILY_VISIT, LOST_PASSWORD), astuple(self), strict=True)
        units = zip(*([unit * count for unit in astuple(kind)] for kind, count in kinds), strict=True)
        visit = replace(VisitCost(*map(sum, units)), mails=self.mails)
        return visit if requests is None else replace(visit, requests=requests)


@dataclass(frozen=True)
class RehearsalReport:
    """The results of a rehearsal. `minutes`: until the queues were empty, None if never.

    `functions`: their metrics, if CloudWatch has any.
    """

    counts: VisitCounts
    replay: Replay
    minutes: float | None
    functions: Mapping[str, Mapping[str, float]]

    @property
    def is_well(self) -> bool:
        """Whether every visit came to its end, and every mail left."""
        return not self.replay.early_ends and self.minutes is not None

    def as_json(self) -> dict[str, Any]:
        """Write it for a program."""
        seconds = [sample.seconds for sample in self.replay.samples if not sample.page.startswith(_STATIC)]
        seconds_each = sum(seconds) / self.counts.families
        pages: dict[str, list[Sample]] = {}
        for sample in self.replay.samples:
            pages.setdefault(sample.page, []).append(sample)
        return {
            **asdict(self.counts),
            "seconds": round(self.replay.seconds, 1),
            "late_seconds": round(self.replay.late, 2),
            "pages": [_page(page, samples) for page, samples in pages.items()],
            "let_down": Counter(self.replay.early_ends),
            "mailed_minutes": self.minutes,
            "functions": self.functions,
            "dollars": round(self.counts.visit(len(seconds)).dollars, 4),
            "openings": [_needs(opening, seconds_each) for opening in OPENINGS[:2]],
        }

    def print(self) -> None:
        """Print it as tables."""
        report = self.as_json()
        headings = ["Page", "Requêtes", "Médiane, ms", "95 %", "99 %", *_REFUSALS, "Autres"]
        output.table("", headings, map(_row, report["pages"]))
        for reason, count in report["let_down"].items():
            output.say(f"Visites perdues : {count} ({reason}).")
        if self.replay.late > 1:
            output.say(
                f"Cette machine n'a pas tenu la cadence : un départ a eu {self.replay.late:.0f} s de retard. Les temps "
                "ci-dessus sont aussi les siens : recommencez avec moins de familles, ou une machine plus rapide."
            )
        mails_text = "la file n'est pas vide" if self.minutes is None else f"partis en {self.minutes:.1f} min"
        output.say(f"Mails au simulateur de SES : {self.counts.mails}, {mails_text}.")
        if self.functions:
            rows = (
                (name, *(metrics.get(metric, "-") for metric in METRICS)) for name, metrics in self.functions.items()
            )
            output.table("", ["Fonction", "À la fois, au plus", "Refus (throttles)", "Erreurs"], rows)
        else:
            output.say(
                "CloudWatch n'a pas (encore) de mesures des fonctions : regardez dans dix minutes le graphique "
                "« ConcurrentExecutions » et « Throttles » de ce moment (docs/runbook.md, « Opening day »)."
            )
        output.say(f"Prix de cette répétition, au tarif public : {report['dollars']:.3f} $.")
        headings = ["Familles", "Dans la minute", "Fonctions à la fois (modèle)", "D'après ces temps"]
        headings += ["Requêtes par s, au plus", "La passerelle en prend", "Reçus partis, min", "Prix, $"]
        output.table("", headings, (tuple(needs.values()) for needs in report["openings"]))


def _needs(opening: Opening, seconds_each: float) -> dict[str, float]:
    """Compute the needs of an opening by the model, and by the seconds of a visit as seen from here."""
    return {
        "families": opening.families,
        "in_opening_minute": round(opening.in_minute),
        "at_once_by_model": at_once(opening.in_minute),
        "at_once_as_seen": at_once(opening.in_minute, seconds_each),
        "requests_a_second": round(opening.in_minute / MINUTE * FAMILY_VISIT.requests),
        "gateway_requests_a_second": GATEWAY_REQUESTS,
        "receipts_minutes": round(minutes_to_mail(opening.families * FAMILY_VISIT.mails)),
        "dollars": round(FAMILY_VISIT.dollars * opening.families, 2),
    }


def _page(page: str, samples: list[Sample]) -> dict[str, Any]:
    milliseconds = sorted(1000 * sample.seconds for sample in samples)
    last = {share: round(milliseconds[math.ceil(share * len(milliseconds)) - 1]) for share in (0.95, 0.99)}
    return {
        "page": page,
        "requests": len(samples),
        "median_ms": round(statistics.median(milliseconds)),
        "p95_ms": last[0.95],
        "p99_ms": last[0.99],
        "refused": Counter(str(sample.status) for sample in samples if sample.status >= _ERROR),
    }


def _row(page: dict[str, Any]) -> tuple[object, ...]:
    *facts, refusals = page.values()
    counts = [refusals.get(status, 0) for status in _REFUSALS]
    return (*facts, *counts, sum(refusals.values()) - sum(counts))
