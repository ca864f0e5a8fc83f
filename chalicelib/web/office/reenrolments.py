"""GET /extranet/bureau/reinscriptions: the pupils of a site by filters, fifty at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.domain import fields
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import DECIDABLE
from chalicelib.domain.refusals import FormRefusal, NotThere
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.decide import PupilVersion
from chalicelib.office.enrolment.export import ExportColumns, enrolments_csv
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, PupilQuery
from chalicelib.office.enrolment.worklist import PupilPage, pupil_page
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.enrolments_export import HEADINGS, rows_of
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.values import frozen
from chalicelib.web import responses
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, family_path
from chalicelib.web.office.filters import ANY, BY_SITE, Filters
from chalicelib.web.office.selection import selection_value, selection_values
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

LIST_PATH: Final = f"{DESK}/reinscriptions"
FILTERS: Final[Filters] = BY_SITE | {
    "etat": enrolments.STATE_TOKENS.__contains__,
    "discipline": ANY,
    "enseignant": ANY,
    "piece": enrolments.DOCUMENTS_TOKENS.__contains__,
    "avis": enrolments.OPINION_TOKENS.__contains__,
    "page": ANY,
}
_DOCUMENTS: Final = (("", "toutes"), ("manquantes", "manquantes"), ("promises", "promises"), ("fournies", "fournies"))
_OPINIONS: Final = (
    ("", "tous"),
    *(
        (token, enrolments.LEANINGS[how] if how != "none" else "aucun avis")
        for token, how in enrolments.OPINION_TOKENS.items()
    ),
)
_KEPT: Final = ("decision", "texte", "raison")


@frozen
class ListFilters:
    """The filters of the list, by their names on the page. Each is empty if unused."""

    chosen: dict[str, str]

    @property
    def query(self) -> PupilQuery:
        """The query for the office."""
        chosen = self.chosen
        return PupilQuery(
            chosen["site"],
            None,
            enrolments.STATE_TOKENS.get(chosen["etat"]),
            chosen["discipline"] or None,
            chosen["enseignant"] or None,
            next((how for token, how in enrolments.DOCUMENTS_TOKENS.items() if token == chosen["piece"]), None),
            next((how for token, how in enrolments.OPINION_TOKENS.items() if token == chosen["avis"]), None),
        )

    def address(self, **other: str) -> str:
        """Write the address of the list, with some filters replaced."""
        filters = {name: value for name, value in (self.chosen | other).items() if value}
        return f"{LIST_PATH}?{urlencode(filters)}"


def filters_of(request: StaffRequest, given: Callable[[str], str]) -> ListFilters:
    """Read the filters of an address or a form, checked by the edge. Raises `NotThere` without a site."""
    chosen = {name: given(name) for name in FILTERS if name != "page"}
    chosen["site"] = chosen["site"] or next((site.code for site in request.staff.sites), "")
    if not chosen["site"]:
        raise NotThere
    sought = {name: chosen[name] if fold(chosen[name]) else "" for name in ("discipline", "enseignant")}
    return ListFilters(chosen | sought)


@routes.get(LIST_PATH, right="reader", filters=FILTERS)
def show_list(request: StaffRequest) -> Response:
    """Show a page of the pupils."""

    def sent_field(name: str) -> str:
        return fields.clean(name, request.query.get(name, ""))[: fields.longest(name)]

    return list_page(request, filters_of(request, sent_field), sent_field("page"))


def list_page(
    request: StaffRequest, filters: ListFilters, cursor: str, feedback: FormFeedback = NO_FEEDBACK
) -> Response:
    """Render the list, with the ticks and input of a form shown again."""
    page = pupil_page(request.services, filters.query, cursor, request.now)
    return desk_page(
        request, "reenrolments", "reenrolments", feedback=feedback, **_facts(request, filters, page, cursor)
    )


def _facts(request: StaffRequest, filters: ListFilters, page: PupilPage, cursor: str) -> dict[str, Any]:
    return {
        "page": page,
        "cursor": cursor,
        "filters": filters,
        "sites": [(site.code, site.name) for site in request.staff.sites],
        "states": [
            ("", "tous"),
            *((token, enrolments.STATES[state]) for token, state in enrolments.STATE_TOKENS.items()),
        ],
        "documents": _DOCUMENTS,
        "opinions": _OPINIONS,
        "counts": enrolments.counts_sentence(Counter(page.counts)),
        "exporting": "mot_de_passe" in request.form,
        "words": enrolments,
        "path": LIST_PATH,
        "path_of": lambda pupil: family_path(pupil.family.account.ref, "reinscriptions"),
        "tick_of": _tick,
        "ticked": selection_values(request),
        "typed": {name: request.field(name) for name in _KEPT},
    }


def _tick(pupil: EnrolledPupil) -> str:
    """Write the value of a pupil's tick. Empty for a pupil that a list cannot decide on."""
    if pupil.file.sent is None or pupil.file.state not in DECIDABLE or pupil.file.sent.answers.stays is False:
        return ""
    return selection_value(pupil.family.account.ref, PupilVersion.of(pupil))


_PATH: Final = f"{LIST_PATH}/export"
_EVERY_SITE: Final = "tous"


@routes.post(_PATH, right="secretary", filters=FILTERS)
def export(request: StaffRequest) -> Response:
    """Give the file, once the password is proven again. The export is noted first."""
    filters = filters_of(request, request.field)
    try:
        request.check_lengths()
        request.prove_again()
        queries, author = _queries(request, filters), _author(request, filters)
        made = enrolments_csv(request.services, queries, ExportColumns(HEADINGS, rows_of), author, request.now)
    except FormRefusal as refusal:
        return list_page(request, filters, request.field("page"), feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        return list_page(
            request, filters, request.field("page"), FormFeedback(422, sentence_of(refusal, request.staff.network))
        )
    return responses.file(f"reinscriptions-{_scope(request, filters)}.csv", "text/csv; charset=utf-8", made.text)


def _scope(request: StaffRequest, filters: ListFilters) -> str:
    return _EVERY_SITE if request.field("sites") else filters.chosen["site"]


def _queries(request: StaffRequest, filters: ListFilters) -> list[PupilQuery]:
    """List a query for the list's site, or for each of the member's."""
    if not request.field("sites"):
        return [filters.query]
    return [replace(filters.query, site=site.code) for site in request.staff.sites]


def _author(request: StaffRequest, filters: ListFilters) -> Author:
    """Name the author and the filters of an export. No filter names a person."""
    chosen = ", ".join(f"{name} : {value}" for name, value in filters.chosen.items() if value and name != "site")
    return request.staff.author(f"export des réinscriptions ({chosen})" if chosen else "export des réinscriptions")
