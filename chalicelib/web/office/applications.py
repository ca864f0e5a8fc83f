"""GET /extranet/bureau/demandes: the applications of new families for a member's sites, fifty at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.admission.applications import Application
from chalicelib.office.admission.applications import ApplicationQuery, application_page, find_application_at
from chalicelib.office.admission.today import applications_today
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.today import SiteToday
from chalicelib.presentation.office import applications
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import day, hour
from chalicelib.web.office.acts import ActBlueprint, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, redirect
from chalicelib.web.office.filters import ANY, BY_SITE, Filters
from chalicelib.web.office.lists import FilteredList, ListPlace, end_text, list_page, serve_views
from chalicelib.web.office.parts import TodayLine, TodayTask
from chalicelib.web.responses import FormFeedback, Response

routes = ActBlueprint(__name__)

APPLICATIONS_PAGE: Final = f"{DESK}/demandes"


def application_path(number: str) -> str:
    """Write the address of an application's page."""
    return f"{APPLICATIONS_PAGE}/{number}"


FILTERS: Final[Filters] = BY_SITE | {
    "etat": applications.STATE_TOKENS.__contains__,
    "tri": applications.ORDER_TOKENS.__contains__,
    "numero": ANY,
    "page": ANY,
}


def query_of(listing: FilteredList) -> ApplicationQuery:
    """Make the query of the list for the office."""
    filters = listing.values
    state, order = applications.STATE_TOKENS.get(filters["etat"]), applications.ORDER_TOKENS.get(filters["tri"])
    return ApplicationQuery(listing.site or None, state=state, order=order or "oldest")


_NOTHING_NEW: Final = {
    "deja": "c'était déjà décidé ainsi. Rien n'a été changé",
    "place-deja": "cette place lui était déjà proposée, ou donnée. Rien n'a été changé",
}
_DONE: Final[dict[str, str]] = {
    **{str(verdict): text for verdict, text in applications.VERDICTS.items()},
    "place-proposee": "place proposée hors de l'ordre",
    "place-donnee": "place donnée hors de l'ordre",
    **_NOTHING_NEW,
}


def decision_text(application: Application, key: str, act: str) -> str | None:
    """Confirm an act on a candidate. None for an address that names no act."""
    candidates = application.sent.answers.candidates if application.sent else ()
    candidate = next((one for one in candidates if one.key == key), None)
    if candidate is None or act not in _DONE:
        return None
    mail = "" if act in _NOTHING_NEW else f" Un mail part vers {application.email}."
    return f"{candidate.name} : {_DONE[act]}.{mail}"


def decided_text(request: DeskRequest) -> str | None:
    """Confirm the decision just made on another page, on the candidate that the address names."""
    number, _, key = request.query.get("decide", "").partition("/")
    try:
        application = find_application_at(request.services, number, request.staff.site_codes)
    except OfficeRefusal:
        return None
    return decision_text(application, key, request.query.get("fait", ""))


def decided_path(request: DeskRequest) -> str:
    """Write the address of the candidate decided on another page. Empty without one."""
    number, _, key = request.query.get("decide", "").partition("/")
    return f"{application_path(number)}#eleve-{key}" if number else ""


def _facts(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List fifty candidates of the sites."""
    token = listing.values["etat"]
    page = application_page(request.services, query_of(listing), listing.codes, listing.values["page"], request.now)
    return {
        "page": page,
        "decided_path": decided_path(request),
        "place_at": lambda row: ListPlace(listing, page.first + row, page.total),
        "state": token,
        "typed": listing.values["numero"],
        "states": [(name, applications.STATES[state]) for name, state in applications.STATE_TOKENS.items()],
        "words": applications,
        "path_of": application_path,
        "network": request.services.settings.network,
    }


APPLICATIONS: Final = replace(
    list_page(APPLICATIONS_PAGE, FILTERS, "applications", "requests", _facts),
    confirmation=lambda request, _: end_text(request, decided_text(request)),
)
serve_views(routes, APPLICATIONS_PAGE, APPLICATIONS, FILTERS)


@routes.get(APPLICATIONS_PAGE, right="reader", filters=FILTERS | {"decide": ANY})
def show_applications(request: DeskRequest) -> Response:
    """Show a page of applications, or redirect to the one of a number."""
    number = APPLICATIONS.find(request).values["numero"]
    if not number:
        return APPLICATIONS.open(request)
    try:
        application = find_application_at(request.services, number, request.staff.site_codes)
    except OfficeRefusal as refusal:
        errors = {"numero": [sentence_of(refusal, request.staff.network)]}
        feedback = FormFeedback(422, "Cette demande n'a pas été trouvée.", errors)
        return APPLICATIONS.show(request, APPLICATIONS.find(request), Outcome(feedback))
    return redirect(request.services, application_path(application.number))


def _today(request: DeskRequest, _days: Sequence[SiteToday]) -> list[TodayLine]:
    """List the applications that wait, at all sites together."""
    today = applications_today(request.services, request.staff.site_codes, request.now)
    lines = (
        (today.to_read, "demande à lire", "demandes à lire", "envoyee"),
        (today.to_enrol, "demande à inscrire", "demandes à inscrire", "place-acceptee"),
        (today.ending, "proposition se termine aujourd'hui", "propositions se terminent aujourd'hui", "place-proposee"),
    )
    return [
        TodayLine(
            *(len(moments), words[len(moments) > 1], f"{APPLICATIONS_PAGE}?etat={token}"),
            since=f"la première à {hour(moments[0])}"
            if moments is today.ending
            else f"la plus ancienne depuis le {day(moments[0])}",
        )
        for moments, *words, token in lines
        if moments
    ]


TODAY: Final = TodayTask("Demandes de pré-inscription", _today)
