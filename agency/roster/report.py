"""What an import finds, counted, shown in its beginning, and written whole where that is asked for."""

import io
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from agency.console import show
from agency.console.private_file import private_file
from agency.console.spreadsheet import row_writer
from agency.roster.words import HEADINGS, KINDS, Line, data_of, kind_of, lines_of
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.roster.import_families import Finding
from chalicelib.settings import Network

_SHOWN: Final = 20  # lines of each list
_BY_SITE: Final = ("new", "changed", "unchanged", "moved", "gone")


class Report:
    """Told of each family and each anomaly; memory holds counts and the first lines only."""

    def __init__(
        self,
        headings: Mapping[Column, str],
        entries: io.TextIOBase | None,
        lines: Callable[[Sequence[object]], object] | None,
    ) -> None:
        self._headings = headings
        self._entries = entries
        self._lines = lines
        self._first: dict[str, list[Line]] = defaultdict(list)
        self.kinds: Counter[str] = Counter()
        self.sites: Counter[tuple[str, str]] = Counter()
        self.anomalies: Counter[str] = Counter()

    @property
    def families(self) -> int:
        """How many families of the file were looked at."""
        return sum(self.kinds[kind] for kind in ("new", "changed", "unchanged", "moved"))

    def __call__(self, told: Finding | Anomaly) -> None:
        """Note what was found."""
        kind = kind_of(told)
        self.kinds[kind] += 1
        if isinstance(told, Anomaly):
            self.anomalies[told.code] += 1
        else:
            self.sites[told.ref.site, kind] += 1
        if self._entries:
            self._entries.write(f"{json.dumps(data_of(told, self._headings), ensure_ascii=False, default=str)}\n")
        first = self._first[kind]
        if self._lines or len(first) < _SHOWN:
            lines = lines_of(told, self._headings)
            first.extend(lines[: _SHOWN - len(first)])
            if self._lines:
                for line in lines:
                    self._lines([KINDS[kind], *line])

    def write_json(self, content: Mapping[str, Any]) -> None:
        """Write counts and all entries, one a line."""
        if self._entries is None:
            return
        counts = {"families": {kind: self.kinds[kind] for kind in (*_BY_SITE, "kept")}, "anomalies": self.anomalies}
        print(json.dumps({**content, "counts": counts}, ensure_ascii=False, default=str)[:-1] + ', "entries": [')
        self._entries.seek(0)
        for number, entry in enumerate(self._entries):
            print("," * (number > 0) + entry, end="")
        print("]}")

    def show(self, network: Network, *, has_all_elsewhere: bool) -> None:
        """Show counts by site, then the beginning of each list."""
        headings = ["Site", *(KINDS[kind] for kind in _BY_SITE)]
        rows = [(site.name, *(self.sites[site.code, kind] for kind in _BY_SITE)) for site in network.sites]
        show.table("", headings, [*rows, ("Ensemble", *(self.kinds[kind] for kind in _BY_SITE))])
        for kind in ("error", "warning", "changed", "moved", "kept", "gone", "new"):
            if self._first[kind]:
                self._show_list(kind, has_all_elsewhere=has_all_elsewhere)

    def _show_list(self, kind: str, *, has_all_elsewhere: bool) -> None:
        show.say("")
        used = [place for place in range(len(HEADINGS)) if any(line[place] for line in self._first[kind])]
        rows = [[line[place] for place in used] for line in self._first[kind]]
        show.table(f"{KINDS[kind]} : {self.kinds[kind]}", [HEADINGS[place] for place in used], rows)
        if self.kinds[kind] > _SHOWN and not has_all_elsewhere:
            show.say(f"… ce sont les {_SHOWN} premières ; pour toutes : --report FICHIER.csv")


@contextmanager
def reporting(headings: Mapping[Column, str], path: Path | None, *, as_json: bool) -> Iterator[Report]:
    """Make a report: its lines go to a CSV for spreadsheets, its entries wait for the end in a file."""
    with ExitStack() as stack:
        lines = entries = None
        if path:
            file = io.TextIOWrapper(stack.enter_context(private_file(path)), encoding="utf-8-sig", newline="")
            stack.callback(file.detach)
            lines = row_writer(file)
            lines(["Quoi", *HEADINGS])
        if as_json:
            entries = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
        yield Report(headings, entries, lines)
