"""The order in which places are given at a site: by arrival, by priority groups then arrival, or as drawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.admission.applications import CandidateRef, Sent, Wish
from chalicelib.values import frozen

Order = Literal["arrival", "priority", "draw"]
# The group or the rank drawn; when the wish was first sent; and what no two candidates share.
Position = tuple[int, datetime, str, int]
_NOT_DRAWN: Final = 1_000_000  # who was in no draw comes after all who were


@frozen
class SiteOrder:
    """The order of a site. `groups`: codes of priority groups, the first served first; `drawn`: None until drawn."""

    order: Order = "arrival"
    groups: tuple[str, ...] = ()
    drawn: Mapping[CandidateRef, int] | None = None

    @property
    def is_known(self) -> bool:
        """Whether anybody can say who comes first: not before the draw, where there is one."""
        return self.order != "draw" or self.drawn is not None

    def position(self, sent: Sent, ref: CandidateRef, wish: Wish) -> Position:
        """Find where a wish stands in line: the lowest comes first.

        A family is of the first group that it belongs to; who arrives in the same moment, by number, then as listed.
        """
        keys = [candidate.key for candidate in sent.answers.candidates]
        return self._first(sent, ref), wish.since or sent.first_at, sent.number, keys.index(ref.key)

    def _first(self, sent: Sent, ref: CandidateRef) -> int:
        if self.order == "draw":
            return (self.drawn or {}).get(ref, _NOT_DRAWN)
        if self.order == "arrival":
            return 0
        ranks = (rank for rank, code in enumerate(self.groups) if code in sent.answers.groups)
        return min(ranks, default=len(self.groups))
