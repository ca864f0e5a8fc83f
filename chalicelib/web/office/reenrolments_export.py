"""POST /extranet/bureau/reinscriptions/export: the rows of `clef enrolments export`, as a file that a browser keeps."""

from dataclasses import replace
from typing import Final

from chalice.app import Response

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import FormRefusal
from chalicelib.office.enrolment.csv_file import enrolments_csv
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.web import responses
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest
from chalicelib.web.office.reenrolments import FILTERS, LIST_PATH, ListFilters, filters_of, list_page
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import FormFeedback

routes = DeskBlueprint(__name__)

_PATH: Final = f"{LIST_PATH}/export"
_EVERY_SITE: Final = "tous"


@routes.post(_PATH, right="secretary", filters=FILTERS)
def export(request: StaffRequest) -> Response:
    """Give the file, once the password is shown again; what is asked for is noted before."""
    filters = filters_of(request, request.field)
    try:
        request.check_lengths()
        request.prove_again()
        made = enrolments_csv(request.services, _queries(request, filters), _author(request, filters), request.now)
    except FormRefusal as refusal:
        return list_page(request, filters, request.field("page"), feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        return list_page(request, filters, request.field("page"), FormFeedback(422, sentence_of(refusal)))
    return responses.file(f"reinscriptions-{_scope(request, filters)}.csv", "text/csv; charset=utf-8", made.text)


def _scope(request: StaffRequest, filters: ListFilters) -> str:
    return _EVERY_SITE if request.field("sites") else filters.chosen["site"]


def _queries(request: StaffRequest, filters: ListFilters) -> list[PupilQuery]:
    """Ask for the list's site, or for each of the member's."""
    if not request.field("sites"):
        return [filters.query]
    return [replace(filters.query, site=site.code) for site in request.staff.sites]


def _author(request: StaffRequest, filters: ListFilters) -> Author:
    """Note who exports, and by which filters: what is looked for is no person."""
    chosen = ", ".join(f"{name} : {value}" for name, value in filters.chosen.items() if value and name != "site")
    return request.staff.author(f"export des réinscriptions ({chosen})" if chosen else "export des réinscriptions")
