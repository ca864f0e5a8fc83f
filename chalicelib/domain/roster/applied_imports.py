"""An applied import of the yearly file: its author, times, file and counts."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.values import Stored, frozen

KEPT_FOR: Final = timedelta(days=365)  # as for acts on members and consultations
_CHANGES: Final = ("new", "changed", "moved", "reused")
Door = Literal["clef", "desk"]


@frozen
class AppliedImport(Stored):
    """One import, written before its first account and again at its end. It names no family.

    `counts`: of each kind of finding, first as compared, then as done. `file`: its name, empty from the desk.
    """

    id: str
    door: Door
    by: str = field(repr=False)
    begun_at: datetime
    sha256: str
    file: str = ""
    rows: int = 0
    left_out: int = 0
    families: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    disables_gone: bool = False
    done_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        """When its record is deleted."""
        return self.begun_at + KEPT_FOR

    def continues(self, other: "AppliedImport") -> bool:
        """Whether it applies the same file again, after an interruption or without effect."""
        is_same = (self.door, self.sha256, self.disables_gone) == ("clef", other.sha256, other.disables_gone)
        changes = any(self.counts.get(kind) for kind in _CHANGES)
        return is_same and other.door == "clef" and (other.done_at is None or not changes)
