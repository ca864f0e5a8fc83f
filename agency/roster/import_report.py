"""What an import finds: counted, shown in its beginning, whole where that is asked for; in French or as JSON."""

import io
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from agency.console import output
from agency.console.private_file import private_file
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.roster.yearly_file import Anomaly, Column
from chalicelib.office.csv_writer import row_writer
from chalicelib.office.roster.anomalies import heading, sentence
from chalicelib.office.roster.findings import BY_SITE, HEADINGS, KINDS, Line, kind_of_finding, lines_of
from chalicelib.office.roster.import_families import FamilyChange
from chalicelib.settings.environment import Network

_SHOWN: Final = 20  # lines of each list


class ImportReport:
    """Called with each family and each anomaly; memory holds counts and the first lines only."""

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
        return sum(self.kinds[kind] for kind in ("new", "changed", "unchanged", "moved", "reused"))

    def __call__(self, finding: FamilyChange | Anomaly) -> None:
        """Note what was found."""
        kind = kind_of_finding(finding)
        self.kinds[kind] += 1
        if isinstance(finding, Anomaly):
            self.anomalies[finding.code] += 1
        else:
            self.sites[finding.ref.site, kind] += 1
        if self._entries:
            self._entries.write(f"{output.as_json(entry_json(finding, self._headings))}\n")
        first = self._first[kind]
        if self._lines or len(first) < _SHOWN:
            lines = lines_of(finding, self._headings)
            first.extend(lines[: _SHOWN - len(first)])
            if self._lines:
                for line in lines:
                    self._lines([KINDS[kind], *line])

    def write_json(self, content: Mapping[str, Any]) -> None:
        """Write counts and all entries, one a line."""
        if self._entries is None:
            return
        counts = {
            "families": {kind: self.kinds[kind] for kind in (*BY_SITE, "kept", "reused", "not_restored")},
            "anomalies": self.anomalies,
        }
        print(output.as_json({**content, "counts": counts})[:-1] + ', "entries": [')
        self._entries.seek(0)
        for number, entry in enumerate(self._entries):
            print("," * (number > 0) + entry, end="")
        print("]}")

    def show(self, network: Network, *, has_all_elsewhere: bool) -> None:
        """Show counts by site, then the beginning of each list."""
        headings = ["Site", *(KINDS[kind] for kind in BY_SITE)]
        rows = [(site.name, *(self.sites[site.code, kind] for kind in BY_SITE)) for site in network.sites]
        output.table("", headings, [*rows, ("Ensemble", *(self.kinds[kind] for kind in BY_SITE))])
        for kind in ("error", "warning", "reused", "changed", "moved", "kept", "not_restored", "gone", "new"):
            if self._first[kind]:
                self._show_list(kind, has_all_elsewhere=has_all_elsewhere)

    def _show_list(self, kind: str, *, has_all_elsewhere: bool) -> None:
        output.say("")
        used = [place for place in range(len(HEADINGS)) if any(line[place] for line in self._first[kind])]
        rows = [[line[place] for place in used] for line in self._first[kind]]
        output.table(f"{KINDS[kind]} : {self.kinds[kind]}", [HEADINGS[place] for place in used], rows)
        if self.kinds[kind] > _SHOWN and not has_all_elsewhere:
            output.say(f"… ce sont les {_SHOWN} premières ; pour toutes : --report FICHIER.csv")


@contextmanager
def open_report(headings: Mapping[Column, str], path: Path | None, *, as_json: bool) -> Iterator[ImportReport]:
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
        yield ImportReport(headings, entries, lines)


def entry_json(finding: FamilyChange | Anomaly, headings: Mapping[Column, str]) -> dict[str, Any]:
    """Write what was found as JSON can hold it."""
    kind = finding.kind if isinstance(finding, FamilyChange) else "anomaly"
    own: dict[str, Any] = {"kind": kind, "line": finding.line}
    own |= {"site": finding.ref.site, "identifier": finding.ref.identifier} if finding.ref else {}
    if isinstance(finding, Anomaly):
        column = heading(finding.column, headings)
        return own | {
            "code": finding.code, "severity": finding.severity, "column": column, "sentence": sentence(finding),
        }  # fmt: skip
    own |= {"written": finding.display_identifier, "name": finding.name}
    own |= {"moved_from": finding.moved_from.site} if finding.moved_from else {}
    own |= {"gone_at": finding.gone_at} if finding.gone_at else {}
    differences = [{"field": d.what, "ours": _plain(d.ours), "file": _plain(d.file)} for d in finding.differences]
    return own | ({"differences": differences} if differences else {})


def _plain(value: object) -> object:
    match value:
        case tuple():
            return [_plain(part) for part in value]
        case Pupil():
            return asdict(value)
        case _:
            return value
