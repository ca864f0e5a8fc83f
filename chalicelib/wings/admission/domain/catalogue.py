"""The catalogue of a season: the disciplines, sites and ages open to applications, and the error for any other wish."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Literal, Protocol

from chalicelib.domain.family.birth_dates import age_at
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Candidate, Wish

WishFault = Literal[
    "wish_unoffered", "wish_site_closed", "wish_closed_changed", "wish_elsewhere", "wish_age", "wish_twice"
]


class Discipline(Protocol):
    """A discipline in the network's settings: taught at some sites, open to an age range."""

    @property
    def name(self) -> str:
        """Its name, as in lists."""

    @property
    def youngest(self) -> int:
        """The lowest age, in whole years."""

    @property
    def oldest(self) -> int:
        """The highest age, inclusive."""

    def is_at(self, site: str) -> bool:
        """Whether it is taught at a site."""

    def takes(self, age: int) -> bool:
        """Whether it is open to an age."""


@frozen
class WishError:
    """The error of a wish, and its alternatives.

    `field`: the form field that shows it. `discipline`: as offered, if it is. `here`: the disciplines open at the
    candidate's age at the wish's site. `elsewhere`: sites, each with its matching disciplines.
    """

    fault: WishFault
    field: str
    wish: Wish
    discipline: Discipline | None = None
    age: int = 0
    here: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, tuple[str, ...]], ...] = ()


@frozen
class Catalogue:
    """The current offer: `sites` take applications, and ages are those on `age_day`."""

    disciplines: tuple[Discipline, ...]
    sites: tuple[str, ...]
    age_day: date

    @property
    def by_name(self) -> dict[str, Discipline]:
        """The disciplines by name."""
        return {discipline.name: discipline for discipline in self.disciplines}

    @property
    def offered(self) -> tuple[Discipline, ...]:
        """The disciplines taught at a site that takes applications."""
        return tuple(discipline for discipline in self.disciplines if any(map(discipline.is_at, self.sites)))

    def age_of(self, born_on: date) -> int:
        """Compute the age on the reference day, in whole years."""
        return age_at(born_on, self.age_day)

    def open_to(self, age: int, site: str) -> tuple[str, ...]:
        """List the disciplines open to an age at a site."""
        return tuple(each.name for each in self.disciplines if each.is_at(site) and each.takes(age))

    def errors(
        self, candidate: Candidate, sent_wishes: Collection[Wish] = (), sent_born_on: date | None = None
    ) -> tuple[WishError, ...]:
        """List the errors of a candidate's wishes, at most one each. A half-chosen wish has none.

        `sent_wishes`: the wishes sent before. They stay valid if the offer changes, but cannot change once the site's
        period is over. If the birth date is not `sent_born_on`, their ages are checked again.
        """
        stand = {_bare(wish) for wish in sent_wishes}
        is_as_old = sent_born_on in {None, candidate.born_on}
        errors = [error for error in self._found(candidate, stand, is_as_old=is_as_old) if error]
        current = {_bare(wish) for wish in candidate.wishes}
        refused_fields = {error.field for error in errors}
        for rank, wish in enumerate(sent_wishes, 1):
            name = f"site-{rank}"
            if wish.site not in self.sites and _bare(wish) not in current and name not in refused_fields:
                errors.append(WishError("wish_closed_changed", name, wish))
        return tuple(errors)

    def _found(self, candidate: Candidate, stand: Collection[Wish], *, is_as_old: bool) -> Iterator[WishError | None]:
        asked_pairs: set[tuple[str, str]] = set()
        for rank, wish in enumerate(candidate.wishes, 1):
            slot = wish.site, wish.discipline
            if slot in asked_pairs:
                yield WishError("wish_twice", f"discipline-{rank}", wish)
            elif _bare(wish) not in stand:
                yield self._error(rank, wish, candidate.born_on)
            elif not is_as_old:
                yield self._error_in_age(rank, wish, candidate.born_on)
            asked_pairs.add(slot)

    def _error(self, rank: int, wish: Wish, born_on: date | None) -> WishError | None:
        discipline = self.by_name.get(wish.discipline)
        if not (wish.discipline and wish.site):
            return None
        if discipline is None:
            return WishError("wish_unoffered", f"discipline-{rank}", wish)
        if wish.site not in self.sites:
            return WishError("wish_site_closed", f"site-{rank}", wish)
        if not discipline.is_at(wish.site):
            elsewhere = tuple((site, (discipline.name,)) for site in self.sites if discipline.is_at(site))
            return WishError("wish_elsewhere", f"site-{rank}", wish, discipline, elsewhere=elsewhere)
        return self._error_in_age(rank, wish, born_on)

    def _error_in_age(self, rank: int, wish: Wish, born_on: date | None) -> WishError | None:
        discipline = self.by_name.get(wish.discipline)
        if discipline is None or born_on is None or discipline.takes(self.age_of(born_on)):
            return None
        return self._age_error(rank, wish, discipline, self.age_of(born_on))

    def _age_error(self, rank: int, wish: Wish, discipline: Discipline, age: int) -> WishError:
        """List the disciplines open to that age at this site, or at the others if there are none."""
        here = self.open_to(age, wish.site)
        other_sites = () if here else tuple((site, self.open_to(age, site)) for site in self.sites if site != wish.site)
        elsewhere = tuple((site, names) for site, names in other_sites if names)
        return WishError("wish_age", f"discipline-{rank}", wish, discipline, age, here, elsewhere)


def _bare(wish: Wish) -> Wish:
    return replace(wish, since=None)
