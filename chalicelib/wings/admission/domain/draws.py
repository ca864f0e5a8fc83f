"""The draw of a site and season: a frozen list of tickets, a seed unknown at that time, and the resulting order.

The order depends only on the published list and the published seed, so that anyone can recompute it.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import date, datetime, time
from typing import Final, Literal

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import CandidateRef

RULE: Final = "hmac-sha256-1"  # its name in an item. Another algorithm would have another name
LONGEST_SEED: Final = 200
LONGEST_WORDS: Final = 600  # characters, for the published source of the seed and reason of a cancellation
MOST_CANCELLED: Final = 3  # an office that could cancel without limit could wait for a list that it likes
_HEADING: Final = "tirage"

Siblings = Literal["one_ticket", "each"]


class NoList(ValueError):
    """A text is no list of a draw."""


@frozen
class Ticket:
    """A ticket: the number of an application, with « /2 » for its second candidate if each is drawn separately.

    `group`: the rank of its priority group, from 1. `candidates`: the keys that share its position, not published.
    """

    name: str
    group: int
    candidates: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number of the application."""
        return self.name.partition("/")[0]


@frozen
class Preparation:
    """The announcement of a list: the public number used as seed, its day, and the author and time."""

    seed_source: str
    seed_on: date
    at: datetime
    by: str = field(repr=False)

    @property
    def seed_may_exist_at(self) -> datetime:
        """The first time the seed may be known: midnight in Paris at the start of its day."""
        return datetime.combine(self.seed_on, time(), PARIS)


@frozen
class DrawCancellation:
    """A draw cancelled before its seed existed. It is published too, with its list."""

    list_text: str = field(repr=False)
    prepared: Preparation
    at: datetime
    by: str = field(repr=False)
    why: str

    @property
    def digest(self) -> str:
        """The SHA-256 of its list."""
        return digest_of(self.list_text)


@frozen
class Draw:
    """A site's draw of a season. `digest`: the published SHA-256 of the list. `seed` and `run_*` are set by `run`."""

    site: str
    season: str
    tickets: tuple[Ticket, ...]
    digest: str = field(repr=False)
    prepared: Preparation
    seed: str = ""
    run_at: datetime | None = None
    run_by: str = field(default="", repr=False)
    cancelled: tuple[DrawCancellation, ...] = ()
    rule: str = RULE

    @property
    def list_text(self) -> str:
        """The list in its published format."""
        return list_text(self.site, self.season, self.tickets)

    @property
    def is_intact(self) -> bool:
        """Whether the stored list matches its published SHA-256."""
        return digest_of(self.list_text) == self.digest

    def run(self, seed: str, by: str, now: datetime) -> "Draw":
        """Run it with a seed from `seed_from`."""
        return replace(self, seed=seed, run_at=now, run_by=by)

    def cancel(self, by: str, why: str, now: datetime) -> tuple[DrawCancellation, ...]:
        """Cancel it: all cancellations, this one last."""
        return (*self.cancelled, DrawCancellation(self.list_text, self.prepared, now, by, why))


@frozen
class DrawRecord:
    """The draws of a site and season: the current one, if any, and those cancelled before it."""

    draw: Draw | None = None
    cancelled: tuple[DrawCancellation, ...] = ()


@frozen
class SiteDraws:
    """The draws of a site and season, with both."""

    site: str
    season: str
    record: DrawRecord

    @property
    def moved_at(self) -> datetime | None:
        """The time of the last act on them. None if there is none."""
        draw, cancellations = self.record.draw, self.record.cancelled
        if draw:
            return draw.run_at or draw.prepared.at
        return cancellations[-1].at if cancellations else None


def prepare(site: str, season: str, tickets: Iterable[Ticket], preparation: Preparation) -> Draw:
    """Freeze a list, sorted by group and ticket name."""
    tickets_in_order = tuple(sorted(tickets, key=lambda ticket: (ticket.group, ticket.name)))
    return Draw(site, season, tickets_in_order, digest_of(list_text(site, season, tickets_in_order)), preparation)


def tickets_of(number: str, candidates: Sequence[str | None], group: int, siblings: Siblings) -> tuple[Ticket, ...]:
    """Make the tickets of an application.

    `candidates`: the keys in the application's order, None for one that is not drawn at this site.
    """
    keys_by_rank = [(rank, key) for rank, key in enumerate(candidates, start=1) if key]
    if siblings == "each":
        return tuple(Ticket(f"{number}/{rank}", group, (key,)) for rank, key in keys_by_rank)
    return (Ticket(number, group, tuple(key for _, key in keys_by_rank)),) if keys_by_rank else ()


def order_of(draw: Draw) -> dict[str, int]:
    """Compute the position of each ticket, from 1, in order. Empty before the draw is run.

    By group, then by HMAC-SHA256 of « SEASON SITE TICKET » with the seed as key: the order of two tickets does not
    depend on a third, and one seed gives another order at another site.
    """
    if not draw.seed:
        return {}

    def rank(ticket: Ticket) -> tuple[int, str, str]:
        message = f"{draw.season} {draw.site} {ticket.name}"
        return ticket.group, hmac.new(draw.seed.encode(), message.encode(), "sha256").hexdigest(), ticket.name

    return {ticket.name: place for place, ticket in enumerate(sorted(draw.tickets, key=rank), start=1)}


def positions(draw: Draw) -> dict[CandidateRef, int]:
    """Compute the position of each candidate. Those of one ticket share its position."""
    order = order_of(draw)
    return {
        CandidateRef(ticket.number, key): order[ticket.name]
        for ticket in draw.tickets
        for key in ticket.candidates
        if ticket.name in order
    }


def seed_from(text: str) -> str:
    """Parse a seed: one trimmed line. Raises `ValueError` if it is empty, too long, or not printable."""
    seed = unicodedata.normalize("NFC", text).strip()
    if not seed or len(seed) > LONGEST_SEED or not seed.isprintable():
        raise ValueError("not a seed")
    return seed


def list_text(site: str, season: str, tickets: Iterable[Ticket]) -> str:
    """Format a list for publication: « tirage SEASON SITE », then one line « GROUP TICKET » each."""
    lines = [f"{_HEADING} {season} {site}", *(f"{ticket.group} {ticket.name}" for ticket in tickets)]
    return "\n".join(lines) + "\n"


def order_text(order: dict[str, int]) -> str:
    """Format an order for publication: one line « RANK TICKET » each."""
    return "".join(f"{place} {name}\n" for name, place in order.items())


def tickets_from(text: str) -> tuple[Ticket, ...]:
    """Parse a published list, which has no candidates' keys. Raises `NoList`."""
    heading, *lines = text.splitlines() or [""]
    if not heading.startswith(f"{_HEADING} "):
        raise NoList(heading)
    return tuple(map(_ticket_from, lines))


def digest_of(text: str) -> str:
    """Compute the SHA-256 of a published text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _ticket_from(line: str) -> Ticket:
    group, _, name = line.partition(" ")
    if not (group.isascii() and group.isdigit() and name):
        raise NoList(line)
    return Ticket(name, int(group))
