"""The draw of a site and season: a frozen list of tickets, a seed that nobody knew then, and the order that both give.

The order is a function of the published list and the published seed, and of nothing else: whoever has both computes it.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import date, datetime, time
from typing import Final, Literal

from chalicelib.domain.admission.applications import CandidateRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.values import frozen

RULE: Final = "hmac-sha256-1"  # what an item names it; another way to draw would have another name
LONGEST_SEED: Final = 200
LONGEST_WORDS: Final = 600  # of where the seed comes from, and of why a draw is cancelled: both are published
MOST_CANCELLED: Final = 3  # an office that begins again for ever could wait for a list that it likes
_HEADING: Final = "tirage"

Siblings = Literal["one_ticket", "each"]


class NoList(ValueError):
    """A text is not the list of a draw."""


@frozen
class Ticket:
    """What is drawn: the number of a request, and « /2 » for its second candidate where each is drawn by itself.

    `group`: the rank of its priority group, from 1; `candidates`: the keys of those that share its position, which are
    not published.
    """

    name: str
    group: int
    candidates: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number of the request."""
        return self.name.partition("/")[0]


@frozen
class Preparation:
    """What is announced with a list: which public number will be the seed, from which day on; by whom, when."""

    seed_source: str
    seed_on: date
    at: datetime
    by: str = field(repr=False)

    @property
    def seed_may_exist_at(self) -> datetime:
        """From when somebody may know the seed: the midnight in Paris that begins its day."""
        return datetime.combine(self.seed_on, time(), PARIS)


@frozen
class Cancellation:
    """A draw that was prepared and taken back before its seed existed: published too, with its list."""

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
    """A site's draw of a season. `digest`: the list's SHA-256 as published; `seed` and `run_*` stand once it is run."""

    site: str
    season: str
    tickets: tuple[Ticket, ...]
    digest: str = field(repr=False)
    prepared: Preparation
    seed: str = ""
    run_at: datetime | None = None
    run_by: str = field(default="", repr=False)
    cancelled: tuple[Cancellation, ...] = ()
    rule: str = RULE

    @property
    def list_text(self) -> str:
        """The list, as it is published."""
        return list_text(self.site, self.season, self.tickets)

    @property
    def is_intact(self) -> bool:
        """Whether the list that is kept is the one whose SHA-256 was published."""
        return digest_of(self.list_text) == self.digest

    def run(self, seed: str, by: str, now: datetime) -> "Draw":
        """Run it with a seed that was read by `seed_from`."""
        return replace(self, seed=seed, run_at=now, run_by=by)

    def cancel(self, by: str, why: str, now: datetime) -> tuple[Cancellation, ...]:
        """Take it back: all that were, the last one last."""
        return (*self.cancelled, Cancellation(self.list_text, self.prepared, now, by, why))


@frozen
class DrawRecord:
    """What a site has of a season: the draw that stands, if one does, and those that were cancelled before it."""

    draw: Draw | None = None
    cancelled: tuple[Cancellation, ...] = ()


@frozen
class SiteDraws:
    """The same, with its site and its season."""

    site: str
    season: str
    record: DrawRecord


def prepare(site: str, season: str, tickets: Iterable[Ticket], prepared: Preparation) -> Draw:
    """Freeze a list: groups in their order, tickets as they are spelt, whatever order they come in."""
    listed = tuple(sorted(tickets, key=lambda ticket: (ticket.group, ticket.name)))
    return Draw(site, season, listed, digest_of(list_text(site, season, listed)), prepared)


def tickets_of(number: str, candidates: Sequence[str | None], group: int, siblings: Siblings) -> tuple[Ticket, ...]:
    """Make the tickets of a request.

    `candidates`: the keys in the order of the request, None in the place of one that is not drawn at this site.
    """
    drawn = [(rank, key) for rank, key in enumerate(candidates, start=1) if key]
    if siblings == "each":
        return tuple(Ticket(f"{number}/{rank}", group, (key,)) for rank, key in drawn)
    return (Ticket(number, group, tuple(key for _, key in drawn)),) if drawn else ()


def order_of(draw: Draw) -> dict[str, int]:
    """Compute the position of each ticket, from 1, first to last; nothing until it is run.

    By group, then by HMAC-SHA256 with the seed as key over « SEASON SITE TICKET »: who comes first of two depends on no
    third, and one seed gives another order at another site.
    """
    if not draw.seed:
        return {}

    def rank(ticket: Ticket) -> tuple[int, str, str]:
        message = f"{draw.season} {draw.site} {ticket.name}"
        return ticket.group, hmac.new(draw.seed.encode(), message.encode(), "sha256").hexdigest(), ticket.name

    return {ticket.name: place for place, ticket in enumerate(sorted(draw.tickets, key=rank), start=1)}


def positions(draw: Draw) -> dict[CandidateRef, int]:
    """Compute the position of each candidate; those of one ticket share its own."""
    order = order_of(draw)
    return {
        CandidateRef(ticket.number, key): order[ticket.name]
        for ticket in draw.tickets
        for key in ticket.candidates
        if ticket.name in order
    }


def seed_from(typed: str) -> str:
    """Read a seed: one line, no blank around it. Raises ValueError: nothing, too much, or what is not printed."""
    seed = unicodedata.normalize("NFC", typed).strip()
    if not seed or len(seed) > LONGEST_SEED or not seed.isprintable():
        raise ValueError("not a seed")
    return seed


def list_text(site: str, season: str, tickets: Iterable[Ticket]) -> str:
    """Write the list as it is published: « tirage SEASON SITE », then a line « GROUP TICKET » each."""
    lines = [f"{_HEADING} {season} {site}", *(f"{ticket.group} {ticket.name}" for ticket in tickets)]
    return "\n".join(lines) + "\n"


def order_text(order: dict[str, int]) -> str:
    """Write an order as it is published: a line « RANK TICKET » each."""
    return "".join(f"{place} {name}\n" for name, place in order.items())


def tickets_from(text: str) -> tuple[Ticket, ...]:
    """Read a list, without the candidates' keys. Raises `NoList`."""
    heading, *lines = text.splitlines() or [""]
    if not heading.startswith(f"{_HEADING} "):
        raise NoList(heading)
    return tuple(map(_ticket_from, lines))


def digest_of(text: str) -> str:
    """Compute the SHA-256 of a published text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _ticket_from(line: str) -> Ticket:
    group, _, name = line.partition(" ")
    if not (group.isascii() and group.isdigit() and name):
        raise NoList(line)
    return Ticket(name, int(group))
