"""The settings of applications: `[admission]` in `network.toml`."""

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from typing import Literal

from chalicelib.domain.dossiers.documents import DocumentRule
from chalicelib.settings.parts import CODE, DocumentAsked, Part, text
from chalicelib.values import frozen

AdmissionOrder = Literal["arrival", "priority", "draw"]


@frozen
class PriorityGroup(Part):
    """A group with priority, or drawn first. A family states that it belongs to it.

    `title`: « J'habite dans l'agglomération », beside its box in the form.
    """

    code: str = field(metadata=CODE)
    title: str = field(metadata=text("Groupe prioritaire"))
    hint: str = field(default="", metadata=text("Aide d'un groupe", min_length=0))


@frozen
class DisciplineOffered(Part):
    """A discipline open to new pupils: its ages in whole years, both included, and its sites, all by default."""

    name: str = field(metadata=text("Discipline ouverte"))
    youngest: int = field(default=0, metadata={"ge": 0, "le": 120})
    oldest: int = field(default=120, metadata={"ge": 0, "le": 120})
    sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a range of ages that ends before it begins."""
        super().__post_init__()
        if self.oldest < self.youngest:
            raise ValueError(f"{self.name}: the oldest is younger than the youngest")

    def is_at(self, site: str) -> bool:
        """Whether it is taught at a site."""
        return not self.sites or site in self.sites

    def takes(self, age: int) -> bool:
        """Whether it is open at an age."""
        return self.youngest <= age <= self.oldest


@frozen
class AdmissionSettings(Part):
    """Applications: the questions asked, the order of places, the length of an offer, the retention.

    `orders`: of sites with an order of their own. `ages_on`: the day on which ages are computed, « MM-DD » in the year
    of the season. `siblings`: whether the children of a family are drawn together.
    """

    order: AdmissionOrder = "arrival"
    orders: dict[str, AdmissionOrder] = field(default_factory=dict)
    groups: tuple[PriorityGroup, ...] = ()
    siblings: Literal["one_ticket", "each"] = "one_ticket"
    ages_on: str = field(default="12-31", metadata={"pattern": r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})
    disciplines: tuple[DisciplineOffered, ...] = ()
    levels: tuple[str, ...] = field(default=("Débutant",), metadata=text("Niveaux"))
    days: tuple[str, ...] = field(
        default=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"), metadata=text("Jours proposés")
    )
    documents: tuple[DocumentAsked, ...] = ()
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of the list of places, to their headings
    offer_hours: int = field(default=72, metadata={"ge": 24, "le": 720})
    refused_days: int = field(default=180, metadata={"ge": 30, "le": 730})  # kept after the period's last day
    identifiers: str = field(
        default="PI{year}{number}", metadata={"pattern": r"^[A-Za-z0-9-]*\{year\}[A-Za-z0-9-]*\{number\}$"}
    )

    @property
    def document_rules(self) -> tuple[DocumentRule, ...]:
        """The required documents, as rules of the domain."""
        return tuple(document.rule for document in self.documents)

    def order_of(self, site: str) -> AdmissionOrder:
        """Return the order of places at a site."""
        return self.orders.get(site, self.order)

    def groups_asked(self, sites: Iterable[str]) -> tuple[PriorityGroup, ...]:
        """List the groups that a family is asked about. Empty if none of these sites uses them."""
        return self.groups if any(self.order_of(site) != "arrival" for site in sites) else ()

    def age_day(self, season: str) -> date:
        """Return the day on which ages are computed in a season."""
        month, day = map(int, self.ages_on.split("-"))
        return date(int(season), month, day)

    def __post_init__(self) -> None:
        """Refuse duplicates."""
        super().__post_init__()
        for kind, codes in (
            ("groups", [group.code for group in self.groups]),
            ("disciplines", [discipline.name for discipline in self.disciplines]),
            ("documents", [document.code for document in self.documents]),
        ):
            if len(set(codes)) != len(codes):
                raise ValueError(f"admission.{kind}: the same value twice")
        date(2027, *map(int, self.ages_on.split("-")))  # a day that each year has

    @property
    def sites_named(self) -> set[str]:
        """The codes of the sites mentioned."""
        disciplines = (site for discipline in self.disciplines for site in discipline.sites)
        return {*self.orders, *disciplines, *(site for document in self.documents for site in document.sites)}
