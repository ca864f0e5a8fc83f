"""The public record of the draws: an index, and for each draw its page, texts and PDF, by their keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from chalicelib.presentation import texts
from chalicelib.presentation.printing import pdf_of
from chalicelib.presentation.public_pages import NOTHING_REFUSED
from chalicelib.presentation.rendering import environment
from chalicelib.settings.environment import Network, Site
from chalicelib.wings.admission.domain.draws import Draw, DrawCancellation, SiteDraws, Ticket, order_of, order_text

PREFIX: Final = "extranet/tirages"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
_PDF: Final = "application/pdf"
PublicFile = tuple[str, bytes, str]  # key, content, type
_NO_GROUP: Final = "Sans priorité"


@dataclass(frozen=True)
class DrawView:
    """A draw as its page shows it: the valid one, if any, and the cancelled ones."""

    network: Network
    site: Site
    season: str
    draw: Draw | None
    cancellations: tuple[DrawCancellation, ...]

    @property
    def slug(self) -> str:
        """Its name in addresses and files."""
        return f"{self.season}-{self.site.code}"

    @property
    def key(self) -> str:
        """The key of its page."""
        return f"{PREFIX}/{self.slug}"

    @property
    def title(self) -> str:
        """Its title in the index."""
        return f"{texts.school_year(self.season)}, {self.site.name}"

    @property
    def state(self) -> str:
        """Its state in a few words."""
        if self.draw is None:
            return "liste annulée, une autre sera publiée"
        if self.draw.run_at:
            return f"tirage fait le {texts.day(self.draw.run_at)}"
        return f"liste arrêtée le {texts.day(self.draw.prepared.at)}, tirage à venir"

    @property
    def order(self) -> list[str]:
        """The tickets in the order drawn."""
        return list(order_of(self.draw)) if self.draw else []

    @property
    def count(self) -> str:
        """The number of tickets."""
        number = len(self._tickets)
        return f"{number} numéro{'s' * (number > 1)}"

    @property
    def apart(self) -> bool:
        """Whether each candidate has a ticket of their own."""
        return any("/" in ticket.name for ticket in self._tickets)

    @property
    def group_titles(self) -> list[str]:
        """The priority groups as families know them, and the group of all others."""
        return [*(group.title.rstrip(".") for group in self.network.admission.groups), _NO_GROUP]

    @property
    def has_groups(self) -> bool:
        """Whether there are priority groups."""
        return len(self.group_titles) > 1

    @property
    def groups(self) -> list[tuple[str, list[str]]]:
        """The list by groups: the title of each (empty if there is only one group), and its tickets."""
        by_group = groupby(self._tickets, key=lambda ticket: ticket.group)
        return [(self._group_title(rank), [ticket.name for ticket in some]) for rank, some in by_group]

    @property
    def ordered_groups(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """The order by groups: the title of each, and its tickets, each with its rank."""
        groups = {ticket.name: ticket.group for ticket in self._tickets}
        by_group = groupby(enumerate(self.order, start=1), key=lambda placed: groups[placed[1]])
        return [(self._group_title(rank), list(placed)) for rank, placed in by_group]

    @property
    def _tickets(self) -> tuple[Ticket, ...]:
        return self.draw.tickets if self.draw else ()

    def _group_title(self, rank: int) -> str:
        if not self.has_groups:
            return ""
        titles = dict(enumerate(self.group_titles, start=1))
        return titles.get(rank, f"Groupe {rank}")  # the network's groups may have changed since


def draw_pages(network: Network, draws: Sequence[SiteDraws]) -> Iterator[PublicFile]:
    """Render the index, and the pages of each draw."""
    views = [
        DrawView(network, site, draw.season, draw.record.draw, draw.record.cancelled)
        for draw in draws
        if (site := network.site(draw.site))
    ]
    yield _page(network, PREFIX, "draws", draws=views)
    for view in views:
        yield _page(network, view.key, "draw", view=view)
        for number, cancellation in enumerate(view.cancellations, start=1):
            yield _text(f"{view.key}-annulee-{number}.txt", cancellation.list_text)
        if view.draw:
            yield from _texts(view, view.draw)


def _texts(view: DrawView, draw: Draw) -> Iterator[PublicFile]:
    yield _text(f"{view.key}.txt", draw.list_text)
    yield f"{view.key}.pdf", _record(view), _PDF
    if draw.seed:
        yield _text(f"{view.key}-ordre.txt", order_text(order_of(draw)))


def _record(view: DrawView) -> bytes:
    html = environment().get_template("applicant/draw_record.html").render(view=view, network=view.network)
    return pdf_of(html, f"Tirage au sort {view.title}", view.network).encode()


def _text(key: str, text: str) -> PublicFile:
    return key, text.encode(), TEXT


def _page(network: Network, key: str, name: str, **facts: object) -> PublicFile:
    template = environment().get_template(f"applicant/{name}.html")
    html = template.render(facts, network=network, feedback=NOTHING_REFUSED, information=None)
    return key, html.encode(), HTML
