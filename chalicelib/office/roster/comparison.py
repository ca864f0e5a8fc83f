"""All families of a file compared with their accounts before any write: losses of many need a confirmation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.roster.yearly_file import Anomaly
from chalicelib.office.refusals import ConfirmationNeeded

if TYPE_CHECKING:
    from chalicelib.office.roster.import_families import FamilyChange

_AT_MOST: Final = 5  # one family in five
_READ: Final = 20  # families: a person can read as many changes one by one
_COMPARED: Final = frozenset({"changed", "unchanged", "reused"})
_NAMED: Final = 5  # identifiers
REUSED: Final = "import_identifiers_reused"
Counts = Counter[tuple[str, str]]  # of a site and of « compared », « lost » or « replaced »


class Comparison:
    """A first reading of all families, without writing, which yields the questions to ask."""

    def __init__(
        self, counts: Iterable[tuple[tuple[str, str], int]] = (), reuses: Mapping[AccountRef, str] | None = None
    ) -> None:
        self.counts: Counts = Counter(dict(counts))
        self.reuses = dict(reuses or {})  # identifiers that now belong to another family, as the file spells them

    def note(self, finding: FamilyChange | Anomaly) -> None:
        """Count a family with an account, and its possible losses."""
        if not isinstance(finding, Anomaly) and finding.kind in _COMPARED:
            self.counts[finding.ref.site, "compared"] += 1
            if finding.kind == "reused":
                self.reuses[finding.ref] = finding.display_identifier
            elif finding.loss:
                self.counts[finding.ref.site, finding.loss] += 1

    def questions(self) -> Iterator[ConfirmationNeeded]:
        """List the questions: on identifiers that pass to another family, and where one family in five loses data.

        A single site, or replaced data, is only asked about if there are more than a person reads one by one.
        """
        if self.reuses:
            first = ", ".join(list(self.reuses.values())[:_NAMED])
            more = ", …" if len(self.reuses) > _NAMED else ""
            yield ConfirmationNeeded(REUSED, count=len(self.reuses), identifiers=f"{first}{more}")
        total, losses, new_data = map(self._total, ("compared", "lost", "replaced"))
        if losses * _AT_MOST > total:
            yield ConfirmationNeeded("import_many_lose", lost=losses, compared=total)
        elif (losses + new_data) * _AT_MOST > total and losses + new_data > _READ:
            yield ConfirmationNeeded("import_many_replaced", changed=losses + new_data, compared=total)
        else:
            yield from self._questions_of_sites()

    def _questions_of_sites(self) -> Iterator[ConfirmationNeeded]:
        for site in sorted({site for site, _ in self.counts}):
            total, changes = self.counts[site, "compared"], self.counts[site, "lost"] + self.counts[site, "replaced"]
            if changes * _AT_MOST > total and changes > _READ:
                yield ConfirmationNeeded("import_many_at_site", site=site, changed=changes, compared=total)

    def _total(self, kind: str) -> int:
        return sum(count for (_, of), count in self.counts.items() if of == kind)
