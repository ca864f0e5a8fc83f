"""GET /extranet/bureau/demandes: the applications of new families for a member's sites, fifty at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.office.parts import FileSearch, OpenedFile
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.today import SiteToday
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import day, hour
from chalicelib.web.office.acts import YES, ActBlueprint, Outcome, offer_undo, sealed_undo, typed_days
from chalicelib.web.office.edge import DESK, DeskRequest, redirect
from chalicelib.web.office.filters import ANY, BY_SITE, Filters
from chalicelib.web.office.lists import (
    DeskList,
    FilteredList,
    ListPlace,
    end_text,
    selection_values,
    serve_csv,
    serve_views,
    shown_columns,
)
from chalicelib.web.office.parts import TodayLine, TodayTask
from chalicelib.web.office.tables import Column, ListChoice, ListTable
from chalicelib.web.responses import FormFeedback, Response
from chalicelib.wings.admission.domain.applications import OVER, Application, ApplicationRef
from chalicelib.wings.admission.office.applications import (
    ApplicationQuery,
    ListedCandidate,
    application_page,
    find_application_at,
    matching_candidates,
    sending_order,
)
from chalicelib.wings.admission.office.decide import CandidateVersion
from chalicelib.wings.admission.office.search import find_number_at, search_summaries
from chalicelib.wings.admission.office.today import applications_today
from chalicelib.wings.admission.office.undo import UNDOS
from chalicelib.wings.admission.presentation.office import applications

routes = ActBlueprint(__name__)

APPLICATIONS_PAGE: Final = f"{DESK}/demandes"


def application_path(number: str) -> str:
    """Write the address of an application's page."""
    return f"{APPLICATIONS_PAGE}/{number}"


def _link(file: Application, sites: Collection[str]) -> OpenedFile | None:
    link = OpenedFile(application_path(file.number), file.answers.guardian, f"demande {file.number}")
    return link if file.is_at(sites) else None


SEARCH: Final = FileSearch(
    application_path,
    search_summaries,
    find_number_at,
    lambda services, *key: services.admission.applications.lookup(ApplicationRef(*key)),
    _link,
)


FILTERS: Final[Filters] = BY_SITE | {
    "etat": applications.STATE_TOKENS.__contains__,
    "tri": applications.ORDER_TOKENS.__contains__,
    "suivi": "moi".__eq__,
    "numero": ANY,
    "page": ANY,
}


def query_of(listing: FilteredList, member: str = "") -> ApplicationQuery:
    """Make the query of the list for the office. `member`: the address of the one who asks, for their own files."""
    filters = listing.values
    state, order = applications.STATE_TOKENS.get(filters["etat"]), applications.ORDER_TOKENS.get(filters["tri"])
    return ApplicationQuery(
        listing.site or None, state=state, order=order or "oldest", holder=member if filters["suivi"] else ""
    )


_NOTHING_NEW: Final = {
    "annulee": "la décision est annulée, et aucun mail ne part. Tout est comme avant",
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


def undo_offer(request: DeskRequest, seal: str = "") -> dict[str, str] | None:
    """Offer to take back a sealed decision, by default of the address or form, or to change it once it is mailed."""
    if not (seal := seal or sealed_undo(request)):
        return None
    undo = UNDOS.open(request.services, seal)[0]
    number, key, _ = undo.subject
    return offer_undo(request, undo, application_path(number), key) | {"seal": seal}


_COLUMNS: Final = frozenset({"niveau", "rang", "pieces", "telephone"})


def _columns(request: DeskRequest) -> dict[str, Column]:
    """List the columns shown on demand. Telephones are for members who may call: a reader could take a whole site's."""
    columns = {
        "niveau": Column("Niveau", lambda pupil: _each(wish.level for wish in pupil.candidate.wishes)),
        "rang": Column("Rang", lambda pupil: _each(map(applications.rank, pupil.standings))),
        "pieces": Column("À fournir", lambda pupil: _each(pupil.lacking)),
    }
    if request.staff.may("secretary"):
        columns["telephone"] = Column("Téléphone", lambda pupil: pupil.application.sent.answers.telephone)
    return columns


def _table(request: DeskRequest, listing: FilteredList) -> ListTable:
    """Describe all rows of the list, each a candidate, with the columns that the member shows."""
    network, more = (
        request.staff.network,
        shown_columns(request, APPLICATIONS_PAGE, _columns(request), "pieces")["more"],
    )
    columns = (
        Column("Demande", lambda pupil: pupil.application.number),
        Column("Famille", lambda pupil: pupil.application.sent.answers.guardian, "famille"),
        Column("Élève", applications.name_and_age),
        Column("Vœux", lambda pupil: _each(applications.wish(wish, network) for wish in pupil.candidate.wishes)),
        Column("État", applications.state),
        Column("Envoyée", *(lambda pupil: pupil.application.sent.first_at, "recentes", _newest_first)),
        *more.values(),
    )
    query = replace(query_of(listing, request.staff.member.email), has_ranks="rang" in more)
    return ListTable("Demandes", columns, matching_candidates(request.services, query, listing.codes, request.now), "")


def _newest_first(pupil: ListedCandidate) -> float:
    return -sending_order(pupil.application)[0].timestamp()


def _each(texts: Iterable[str]) -> str:
    return " ; ".join(dict.fromkeys(filter(None, texts)))


def _facts(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List fifty candidates of the sites, with the ticks and input of a form shown again."""
    day, is_day = typed_days(request, ("echeance",))
    columns = shown_columns(request, APPLICATIONS_PAGE, _columns(request), "pieces")
    query = replace(query_of(listing, request.staff.member.email), has_ranks="rang" in columns["more"])
    page = application_page(request.services, query, listing.codes, listing.values["page"], request.now)
    return columns | {
        "page": page,
        "lines": page.counts[query.state] if query.state else sum(page.counts.values()),
        "decided_path": decided_path(request),
        "undo": undo_offer(request),
        "tick_of": _tick_of,
        "ticked": {f"{value.rpartition('/')[0]}/" for value in selection_values(request)},
        "ticks_all": request.query.get("cocher") == YES,
        "typed": {name: request.field(name) for name in ("decision", "texte", "raison")} | day,
        "is_day": is_day["echeance"],
        "place_at": lambda row: ListPlace(listing, page.first + row, page.total),
        "choices": [
            ListChoice(
                "etat", "État", {name: applications.STATES[of] for name, of in applications.STATE_TOKENS.items()}
            ),
            *([ListChoice("suivi", "Suivi", {"moi": "mes dossiers"})] if request.staff.may("secretary") else []),
            ListChoice("numero", "Numéro", suggestions=()),
        ],
        "words": applications,
        "path_of": application_path,
        "network": request.services.settings.network,
    }


def tick(number: str, version: CandidateVersion, wish: str = "") -> str:
    """Write the value of a tick: `DEMANDE/ELEVE/VU/VŒU`."""
    return f"{number}/{version.key}/{version.text}/{wish}"


def _tick_of(pupil: ListedCandidate) -> str:
    """Write the tick of a candidate. Empty for one that a list cannot decide on."""
    application, key = pupil.application, pupil.candidate.key
    return "" if application.state(key) in OVER else tick(application.number, CandidateVersion.of(application, key))


# The field beside which a refusal of a decision is shown, by its code.
LIST_FIELDS: Final = {
    "decide_words": "texte",
    "decision_words_long": "texte",
    "office_why_long": "raison",
    "request_until_past": "echeance",
}
APPLICATIONS_LIST: Final = DeskList(APPLICATIONS_PAGE, "reader", "applications", "requests", FILTERS)
APPLICATIONS: Final = APPLICATIONS_LIST.page(
    _facts, confirmation=lambda request, _: end_text(request, decided_text(request)), fields=LIST_FIELDS
)
serve_views(routes, APPLICATIONS_PAGE, APPLICATIONS, FILTERS, _COLUMNS)
serve_csv(routes, APPLICATIONS_LIST, _table)


@routes.get(APPLICATIONS_PAGE, right="reader", filters=FILTERS | {"decide": ANY, "annuler": ANY, "cocher": YES.__eq__})
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
