"""Lists of the desk, described: their filters, the place of a file in its list, the ticks of a common decision.

A file opened from a list carries the list in its address: its filters, order and page, and its own position.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
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
from chalicelib.office.enrolment.export import csv_file, note_export
from chalicelib.values import frozen
from chalicelib.web.office.acts import DONE, Act, ActBlueprint, ActPage, Outcome, check_filled, parameter
from chalicelib.web.office.edge import DESK, DeskRequest, identifier_from_part, part_of, redirect
from chalicelib.web.office.filters import ANY, Filters
from chalicelib.web.office.neighbours import BESIDE, TablePlace
from chalicelib.web.office.tables import Column, ListChoice, ListTable, page_number
from chalicelib.web.responses import CSV, Response, file

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site

_TICK: Final = "eleve-"
_COLUMN: Final = "colonne-"
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

    @property
    def active(self) -> Collection[str]:
        """The names of the filters that have a value."""
        return {name for name, value in self.values.items() if value}

    @property
    def file(self) -> str:
        """The address of the rows of its filters as a file."""
        return replace(self, path=f"{self.path}/csv").address(page="")

    def address(self, **values: str | int) -> str:
        """Write the address of the list, with some filters replaced."""
        filters = {name: value for name, value in {**self.values, **values}.items() if value}
        return f"{self.path}?{urlencode(filters)}" if filters else self.path

    def row_address(self, address: str, position: int, total: int) -> str:
        """Write the address of a row's page, with the row's place in this list."""
        page = page_number(position)
        path, _, query = self.address(page=page if page > 1 else "").partition("?")
        return TablePlace(position, total, path, query).of(address)

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


def back_to(request: DeskRequest, place: ListPlace | None, path: str, key: str, act: Mapping[str, str]) -> Response:
    """Redirect to a pupil of a file, at its place in the list if it has one, with the act just done."""
    address = place.address(path, key, **act) if place else f"{path}?{urlencode({**act, 'eleve': key})}"
    return redirect(request.services, address)


def end_text(request: DeskRequest, text: str | None) -> str | None:
    """Confirm the end of a list, and the decision made there."""
    is_end = text or request.query.get(DONE) == END
    return f"{text or ''} {_END_TEXT}".strip() if is_end else None


def serve_views(routes: ActBlueprint, path: str, page: ActPage, filters: Filters, columns: frozenset[str]) -> None:
    """Take the forms that save the list's filters under a name, or drop a saved name, and choose its columns."""

    def change(request: DeskRequest, listing: FilteredList) -> Response:
        """Save the list's filters under the typed name, or drop the name in the field `quoi`."""
        viewer, name_to_drop = request.staff.member, request.field("quoi")
        if not name_to_drop:
            check_filled(request, {"nom": "desk_view_name"})
            if len(viewer.with_view(request.field("nom"), path).views) > MOST_VIEWS:
                raise FieldsRefused({"nom": ("desk_views_full",)})
        name, address = (name_to_drop, "") if name_to_drop else (request.field("nom"), listing.address(page=""))
        request.services.staff.members.revise(viewer.email, lambda member: member.with_view(name, address), viewer)
        return redirect(request.services, listing.address())

    def show(request: DeskRequest, listing: FilteredList) -> Response:
        """Show the ticked columns in this list from now on."""
        viewer, ticks = request.staff.member, request.form.items()
        names = tuple(dict.fromkeys(value for name, value in ticks if name.startswith(_COLUMN)))
        if not columns.issuperset(names):
            raise NotThere
        request.services.staff.members.revise(viewer.email, lambda member: member.with_columns(path, names), viewer)
        return redirect(request.services, listing.address())

    routes.add(Act(f"{path}/vues", "reader", page, change, form="vues"), filters)
    routes.add(Act(f"{path}/colonnes", "reader", page, show, form="vues"), filters)


def shown_columns(request: DeskRequest, path: str, columns: Mapping[str, Column], usual: str) -> dict[str, Any]:
    """Find which columns the member shows of those that a list has on demand. `usual`: until the member chooses."""
    choices = {choice.path: choice.names for choice in request.staff.member.columns}
    names = choices.get(path, (usual,))
    return {"columns": columns, "more": {name: one for name, one in columns.items() if name in names}}


_TO_ROW: Final[Filters] = {"vers": BESIDE.__contains__, "rang": _POSITION.fullmatch, "ici": ANY}
Facts = Callable[[DeskRequest, FilteredList], dict[str, Any]]


@frozen
class DeskList:
    """A list of the desk: its path, its right, its template and tab, its filters."""

    path: str
    right: Right
    template: str
    tab: str
    filters: Filters

    def page(self, facts: Facts, **options: Any) -> ActPage:  # noqa: ANN401 - of any type
        """Describe its page. `options`: other attributes of it.

        The template has `site`, `path`, `listing`, `choices` and its facts, and one page of the `ListTable` among these
        (`rows` of `table`). Among the facts may be `headers` of the answer.
        """

        def all_facts(request: DeskRequest, listing: FilteredList, outcome: Outcome) -> dict[str, Any]:
            names = {site.code: site.name for site in request.staff.sites}
            choices = [ListChoice("site", "Site", names)] if "site" in self.filters and len(names) > 1 else []
            common = {"site": listing.site, "path": self.path, "listing": listing, "site_names": names}
            more = facts(request, listing)
            if table := more.get("table"):
                common["rows"] = table.page(listing.values["page"], listing.values["tri"])
            if headers := more.get("headers"):
                common["feedback"] = replace(outcome.feedback, headers=headers)
            return common | more | {"choices": [*choices, *more.get("choices", ())]}

        page = ActPage(self.template, self.tab, all_facts, self.read, sentences={END: _END_TEXT})
        return replace(page, **options | {"sentences": page.sentences | options.get("sentences", {})})

    def read(self, request: DeskRequest) -> FilteredList:
        """Read its filters."""
        return read_listing(request, self.path, self.filters)

    def serve(
        self,
        routes: ActBlueprint,
        *,
        is_table: bool = False,
        **options: Any,  # noqa: ANN401 - of any type
    ) -> Callable[[Facts], ActPage]:
        """Serve the list with the facts that the function below makes.

        `is_table`: they have a `ListTable`, of which `?vers=` leads from a row's page to the one beside it.
        """

        def serve(facts: Facts) -> ActPage:
            page = self.page(facts, **options)

            def show(request: DeskRequest) -> Response:
                if not request.query.get("vers"):
                    return page.open(request)
                listing = self.read(request)
                return _step(request, listing, facts(request, listing)["table"])

            filters = self.filters | (_TO_ROW if is_table else {})
            routes.get(self.path, right=self.right, filters=filters)(show)
            return page

        return serve

    def serve_table(self, routes: ActBlueprint, **options: Any) -> Callable[[Facts], ActPage]:  # noqa: ANN401
        """Serve a list whose facts have a `ListTable`, and all the rows of its filters as a CSV at `PATH/csv`."""
        whole = replace(self, filters=self.filters | {"tri": ANY, "page": ANY})

        def serve(facts: Facts) -> ActPage:
            serve_csv(routes, whole, lambda request, listing: facts(request, listing)["table"])
            return whole.serve(routes, is_table=True, **options)(facts)

        return serve


def serve_csv(
    routes: ActBlueprint, of_list: DeskList, table_of: Callable[[DeskRequest, FilteredList], ListTable]
) -> None:
    """Serve all the rows of a list's filters as a CSV. The export is noted first."""

    def export(request: DeskRequest) -> Response:
        listing = of_list.read(request)
        table = table_of(request, listing)
        note_export(request.services, listing.codes, request.staff.author(f"export : {table.label}"), request.now)
        name = of_list.path.removeprefix(f"{DESK}/").replace("/", "-")
        return file(f"{name}.csv", CSV, csv_file(table.cells(listing.values["tri"])).text)

    right: Right = "manager" if of_list.right == "manager" else "secretary"
    routes.get(f"{of_list.path}/csv", right=right, filters=of_list.filters)(export)


def _step(request: DeskRequest, listing: FilteredList, table: ListTable) -> Response:
    """Redirect from the page of a row, `?ici=` at `?rang=`, to the row beside it, or to the list after its end."""
    if not (position := request.query.get("rang")):
        raise NotThere
    step, here = BESIDE[request.query["vers"]], request.query.get("ici", "")
    row = table.beside(int(position), step, here, listing.values["tri"])
    address = listing.row_address(row[1], row[0], len(table.rows)) if row else listing.address(**{DONE: END})
    return redirect(request.services, address)


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
