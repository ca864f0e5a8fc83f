"""What an import found or did, as its page shows it: counts by site, and the first lines of each list, in French."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.roster.comparison import Comparison

Line = Sequence[int | str]

_SHOWN: Final = 50  # lines of each list
_ANOMALIES_SHOWN: Final = 300
_ANOMALIES: Final = frozenset({"error", "warning"})
K = TypeVar("K")


class Report:
    """Noted finding by finding; goes on where it was read from JSON."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()  # of a site and a kind
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self.facts: dict[str, Any] = {}  # what is said of the whole
        self.gone: tuple[AccountRef, ...] = ()  # on file and not in it
        self.moved: set[AccountRef] = set()  # of them, those that the file lists at another site
        self.comparison = Comparison()

    def note(self, kind: str, site: str, lines: Iterable[Line]) -> None:
        """Count a finding, and keep its lines where the list is short yet."""
        self.kinds[kind] += 1
        if site:
            self.sites[site, kind] += 1
        most = _ANOMALIES_SHOWN if kind in _ANOMALIES else _SHOWN
        if len(self.lines[kind]) < most:
            self.lines[kind].extend(lines)

    def to_json(self) -> bytes:
        """Write it."""
        told = {
            "kinds": self.kinds,
            "sites": [[*key, count] for key, count in self.sites.items()],
            "lines": self.lines,
            "facts": self.facts,
            "gone": [[ref.site, ref.identifier] for ref in self.gone],
            "moved": sorted([ref.site, ref.identifier] for ref in self.moved),
            "reused": [[ref.site, ref.identifier, name] for ref, name in self.comparison.reused.items()],
            "compared": [[*key, count] for key, count in self.comparison.counts.items()],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Report":
        """Read it."""
        told: Mapping[str, Any] = json.loads(content)
        report = cls()
        report.kinds.update(told["kinds"])
        report.sites.update({(site, kind): count for site, kind, count in told["sites"]})
        report.lines.update(told["lines"])
        report.facts = dict(told["facts"])
        report.gone = tuple(AccountRef(*ref) for ref in told["gone"])
        report.moved = {AccountRef(*ref) for ref in told["moved"]}
        report.comparison = Comparison(
            (((site, kind), count) for site, kind, count in told.get("compared", ())),
            {AccountRef(site, identifier): name for site, identifier, name in told.get("reused", ())},
        )
        return report
