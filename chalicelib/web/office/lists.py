"""Lists of the desk, described: their filters, the address of another page, and the ticks of a decision for several."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from chalicelib.domain import fields
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.members import Right
from chalicelib.office.enrolment.decide import PupilVersion, SelectedPupil
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, parameter
from chalicelib.web.office.edge import StaffRequest, identifier_from_part, part_of
from chalicelib.web.office.filters import Filters

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site

_TICK: Final = "eleve-"
_PARTS: Final = 4


@frozen
class FilteredList:
    """A list as a form or an address asks for it: its path, the sites to show, and its filters, empty if unset."""

    path: str
    sites: "tuple[Site, ...]"
    chosen: Mapping[str, str]

    @property
    def site(self) -> str:
        """The chosen site. Empty for all that the member sees."""
        return self.chosen.get("site", "")

    @property
    def codes(self) -> list[str]:
        """The codes of the sites to show."""
        return [site.code for site in self.sites]

    def address(self, **other: str) -> str:
        """Write the address of the list, with some filters replaced."""
        filters = {name: value for name, value in {**self.chosen, **other}.items() if value}
        return f"{self.path}?{urlencode(filters)}"


def read_listing(request: StaffRequest, path: str, filters: Filters) -> FilteredList:
    """Read the filters, which the edge has checked."""
    chosen = {name: _chosen(request, name) for name in filters}
    site = chosen.get("site", "")
    return FilteredList(path, tuple(own for own in request.staff.sites if site in {"", own.code}), chosen)


def _chosen(request: StaffRequest, name: str) -> str:
    value = parameter(request, name)
    return fields.clean(name, value)[: fields.longest(name)] if fields.is_declared(name) else value


Facts = Callable[[StaffRequest, FilteredList], dict[str, Any]]


def list_page(path: str, filters: Filters, template: str, tab: str, facts: Facts) -> ActPage:
    """Describe a list at a path. Its template has `site`, `path`, `listing` and its facts."""

    def all_facts(request: StaffRequest, listing: FilteredList, _outcome: Outcome) -> dict[str, Any]:
        return {"site": listing.site, "path": path, "listing": listing} | facts(request, listing)

    return ActPage(template, tab, all_facts, lambda request: read_listing(request, path, filters))


def serve_list(  # noqa: PLR0913, PLR0917 - a list is all of these
    routes: ActBlueprint, path: str, right: Right, template: str, tab: str, filters: Filters
) -> Callable[[Facts], Facts]:
    """Serve a list at a path, with the facts that the function below makes."""

    def serve(facts: Facts) -> Facts:
        routes.page(path, right, list_page(path, filters, template, tab, facts), filters)
        return facts

    return serve


def selection_value(ref: AccountRef, version: PupilVersion) -> str:
    """Write the value of a pupil's tick: `SITE/FAMILLE/ELEVE/VU`."""
    return f"{ref.site}/{part_of(ref.identifier)}/{version.key}/{version.text}"


def read_selection(request: StaffRequest) -> tuple[SelectedPupil, ...]:
    """Read the ticks. Raises `NotThere` for a site that is not the member's, and for values that no list offers."""
    return tuple(_selected_pupils(request))


def selection_values(request: StaffRequest) -> dict[str, None]:
    """List the values of a form's ticks, each once, in their order."""
    return dict.fromkeys(value for name, value in request.form.items() if name.startswith(_TICK))


def _selected_pupils(request: StaffRequest) -> Iterator[SelectedPupil]:
    for value in selection_values(request):
        parts = value.split("/")
        if len(parts) != _PARTS or not request.staff.sees(parts[0]):
            raise NotThere
        site, family, key, shown = parts
        yield SelectedPupil(AccountRef(site, identifier_from_part(family)), PupilVersion.parse(key, shown))
