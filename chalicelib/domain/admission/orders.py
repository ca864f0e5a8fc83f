"""The order of places at a site: by arrival, by priority group then arrival, or by a draw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.admission.applications import CandidateRef, Sent, Wish
from chalicelib.values import frozen

Order = Literal["arrival", "priority", "draw"]
# The group or the drawn rank, the first sending of the wish, then two unique tie-breakers.
Position = tuple[int, datetime, str, int]
_NOT_DRAWN: Final = 1_000_000  # candidates outside the draw come after all those in it


@frozen
class SiteOrder:
    """The order of a site. `groups`: codes of priority groups, in order. `drawn`: None before the draw."""

    order: Order = "arrival"
    groups: tuple[str, ...] = ()
    drawn: Mapping[CandidateRef, int] | None = None

    @property
    def is_known(self) -> bool:
        """Whether the order is known. It is not before the draw, if the site has one."""
        return self.order != "draw" or self.drawn is not None

    def position(self, sent: Sent, ref: CandidateRef, wish: Wish) -> Position:
        """Return the position of a wish in line: the lowest comes first.

        A family counts in its first group. Ties are broken by number, then by place in the application.
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
