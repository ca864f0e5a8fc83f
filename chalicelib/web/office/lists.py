"""Lists of the desk, described: their filters, the place of a file in its list, the ticks of a common decision.

A file opened from a list carries the list in its address: its filters, order and page, and its own position.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from chalicelib.domain import fields
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.teacher_keys import as_teacher_key
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.staff.members import MOST_VIEWS, Right
from chalicelib.office.dossiers.worklist import FoundRow, Step
from chalicelib.office.enrolment.decide import PupilVersion, SelectedPupil
from chalicelib.values import frozen
from chalicelib.web.office.acts import DONE, Act, ActBlueprint, ActPage, Outcome, check_filled, parameter
from chalicelib.web.office.edge import DeskRequest, identifier_from_part, part_of, redirect
from chalicelib.web.office.filters import ANY, Filters
from chalicelib.web.responses import Response

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site

_TICK: Final = "eleve-"
_PARTS: Final = 4


@frozen
class FilteredList:
    """A list as a form or an address asks for it: its path, the sites to show, and its filters, empty if unset."""

    path: str
    sites: "tuple[Site, ...]"
    values: Mapping[str, str]

    @property
    def site(self) -> str:
        """The chosen site. Empty for all that the member sees."""
        return self.values.get("site", "")

    @property
    def codes(self) -> list[str]:
        """The codes of the sites to show."""
        return [site.code for site in self.sites]

    def address(self, **values: str) -> str:
        """Write the address of the list, with some filters replaced."""
        filters = {name: value for name, value in {**self.values, **values}.items() if value}
        return f"{self.path}?{urlencode(filters)}" if filters else self.path

    @staticmethod
    def saved(address: str) -> str:
        """Write the address of a saved view. An older view has its teacher by name, which no address may hold."""
        path, _, query = address.partition("?")
        filters = dict(parse_qsl(query))
        keys = {name: as_teacher_key(value) for name, value in filters.items() if name == "enseignant"}
        return f"{path}?{urlencode(filters | keys)}" if keys else address


def read_listing(request: DeskRequest, path: str, filters: Filters) -> FilteredList:
    """Read the filters, which the edge has checked."""
    values = {name: _chosen(request, name) for name in filters}
    site = values.get("site", "")
    return FilteredList(path, tuple(own for own in request.staff.sites if site in {"", own.code}), values)


def _chosen(request: DeskRequest, name: str) -> str:
    value = parameter(request, name)
    value = fields.clean(name, value)[: fields.longest(name)] if fields.is_declared(name) else value
    return as_teacher_key(value) if value and name == "enseignant" else value


_STEPS: Final[dict[str, Step]] = {"suivant": "next", "precedent": "previous"}
END: Final = "fin"  # `?fait=`: no row follows
_END_TEXT: Final = "C'était le dernier dossier de cette liste."
_POSITION: Final = re.compile(r"[1-9]\d{0,5}", re.ASCII)
PLACE: Final[Filters] = {
    "eleve": ANY,
    "rang": _POSITION.fullmatch,
    "sur": _POSITION.fullmatch,
    "vers": _STEPS.__contains__,
    "decide": ANY,
}


FileRow = FoundRow[tuple[str, str]]  # the address of a file, and the key of its pupil


@frozen
class ListPlace:
    """The place of a file in the list that it was opened from: its position from 1, and the number of rows."""

    listing: FilteredList
    position: int
    total: int

    @property
    def fields(self) -> dict[str, str]:
        """The fields that carry the place through addresses and forms."""
        filters = {name: value for name, value in self.listing.values.items() if value}
        return filters | {"rang": str(self.position), "sur": str(self.total)}

    def address(self, path: str, key: str = "", **values: str) -> str:
        """Write the address of a file at this place, shown from one of its pupils."""
        address = f"{path}?{urlencode(self.fields | ({'eleve': key} if key else {}) | values)}"
        return f"{address}#eleve-{key}" if key else address

    def beside(self, row: FileRow | None, *, has_left: bool = False, **act: str) -> str:
        """Write the address of the row beside this one, or of the list after its end.

        `has_left`: this row no longer matches the filters. `act`: the one just done.
        """
        if row is None:
            return self.listing.address(**act)
        path, key = row.row
        listing = replace(self.listing, values={**self.listing.values, "page": row.page})
        return ListPlace(listing, row.position - has_left, row.total - has_left).address(path, key, **act)


def read_place(request: DeskRequest, path: str, filters: Filters) -> ListPlace | None:
    """Read the place of a file in the list at a path. None for a file opened otherwise."""
    position, total = parameter(request, "rang"), parameter(request, "sur")
    return ListPlace(read_listing(request, path, filters), int(position), int(total)) if position and total else None


def step_beside(
    request: DeskRequest, place: ListPlace | None, find: Callable[[ListPlace, Step], FileRow | None]
) -> Response | None:
    """Redirect to the file before or after this one, as `?vers=` asks. None without it."""
    step = _STEPS.get(request.query.get("vers", ""))
    if place is None or step is None:
        return None
    row = find(place, step)
    is_over = row is None and step == "next"
    return redirect(request.services, place.listing.address(**{DONE: END}) if is_over else place.beside(row))


def end_text(request: DeskRequest, text: str | None) -> str | None:
    """Confirm the end of a list, and the decision made there."""
    is_end = text or request.query.get(DONE) == END
    return f"{text or ''} {_END_TEXT}".strip() if is_end else None


def serve_views(routes: ActBlueprint, path: str, page: ActPage, filters: Filters) -> None:
    """Take the forms that save the list's filters under a name, or drop a saved name."""

    def change(request: DeskRequest, listing: FilteredList) -> Response:
        """Save the list without its page, or drop the name of `quoi`."""
        viewer, name_to_drop = request.staff.member, request.field("quoi")
        if not name_to_drop:
            check_filled(request, {"nom": "desk_view_name"})
            if len(viewer.with_view(request.field("nom"), path).views) > MOST_VIEWS:
                raise FieldsRefused({"nom": ("desk_views_full",)})
        name, address = (name_to_drop, "") if name_to_drop else (request.field("nom"), listing.address(page=""))
        request.services.staff.members.revise(viewer.email, lambda member: member.with_view(name, address), viewer)
        return redirect(request.services, listing.address())

    routes.add(Act(f"{path}/vues", "reader", page, change, form="vues"), filters)


Facts = Callable[[DeskRequest, FilteredList], dict[str, Any]]


def list_page(path: str, filters: Filters, template: str, tab: str, facts: Facts) -> ActPage:
    """Describe a list at a path. Its template has `site`, `path`, `listing`, `site_names` and its facts."""

    def all_facts(request: DeskRequest, listing: FilteredList, _outcome: Outcome) -> dict[str, Any]:
        names = {site.code: site.name for site in request.staff.sites}
        common = {"site": listing.site, "path": path, "listing": listing, "site_names": names}
        return common | facts(request, listing)

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


def read_selection(request: DeskRequest) -> tuple[SelectedPupil, ...]:
    """Read the ticks. Raises `NotThere` for a site that is not the member's, and for values that no list offers."""
    return tuple(_selected_pupils(request))


def selection_values(request: DeskRequest) -> dict[str, None]:
    """List the values of a form's ticks, each once, in their order."""
    return dict.fromkeys(value for name, value in request.form.items() if name.startswith(_TICK))


def _selected_pupils(request: DeskRequest) -> Iterator[SelectedPupil]:
    for value in selection_values(request):
        parts = value.split("/")
        if len(parts) != _PARTS or not request.staff.sees(parts[0]):
            raise NotThere
        site, family, key, version = parts
        yield SelectedPupil(AccountRef(site, identifier_from_part(family)), PupilVersion.parse(key, version))
