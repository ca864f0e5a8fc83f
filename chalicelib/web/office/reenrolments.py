"""GET /extranet/bureau/reinscriptions: the pupils of a site by filters, fifty at a time."""

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import DECIDABLE
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.decide import PupilVersion
from chalicelib.office.enrolment.export import ExportColumns, enrolments_csv
from chalicelib.office.enrolment.reenrolments import (
    EnrolledFamily,
    EnrolledPupil,
    PupilQuery,
    family_in_season,
    pupil_page,
)
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.enrolments_export import HEADINGS, rows_of
from chalicelib.web.office.acts import YES, ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, family_path, identifier_from_part, part_of
from chalicelib.web.office.filters import ANY, BY_SITE, Filters
from chalicelib.web.office.lists import (
    FilteredList,
    ListPlace,
    end_text,
    read_listing,
    selection_value,
    selection_values,
    serve_views,
)
from chalicelib.web.responses import CSV, Response, file

routes = ActBlueprint(__name__)

LIST_PATH: Final = f"{DESK}/reinscriptions"
FILTERS: Final[Filters] = BY_SITE | {
    "etat": enrolments.STATE_TOKENS.__contains__,
    "discipline": ANY,
    "enseignant": ANY,
    "piece": enrolments.DOCUMENTS_TOKENS.__contains__,
    "avis": enrolments.OPINION_TOKENS.__contains__,
    "tri": enrolments.ORDER_TOKENS.__contains__,
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
_DONE: Final[dict[str, str]] = {
    **{str(verdict): f"réinscription {text}." for verdict, text in enrolments.VERDICTS.items()},
    "deja": "c'était déjà décidé ainsi. Rien n'a été changé.",
}
_EVERYBODY: Final = {"": "tous"}
_NO_TEACHER: Final = "inconnu à ce site"
_NO_MAIL: Final = "Aucune adresse au dossier : prévenez la famille par téléphone."


def query_of(listing: FilteredList) -> PupilQuery:
    """Make the query of the list for the office."""
    filters = listing.values
    return PupilQuery(
        listing.site,
        None,
        enrolments.STATE_TOKENS.get(filters["etat"]),
        filters["discipline"] or None,
        filters["enseignant"] or None,
        next((how for token, how in enrolments.DOCUMENTS_TOKENS.items() if token == filters["piece"]), None),
        next((how for token, how in enrolments.OPINION_TOKENS.items() if token == filters["avis"]), None),
        enrolments.ORDER_TOKENS.get(filters["tri"], "name"),
    )


def read_list(request: DeskRequest) -> FilteredList:
    """Read the filters. Without a site, choose the member's first one. Raises `NotThere` if there is none."""
    listing = read_listing(request, LIST_PATH, FILTERS)
    site = listing.site or next((site.code for site in request.staff.sites), "")
    if not site:
        raise NotThere
    filters = listing.values
    discipline = filters["discipline"] if fold(filters["discipline"]) else ""
    return replace(listing, values={**filters, "discipline": discipline, "site": site})


def _facts(request: DeskRequest, listing: FilteredList, _outcome: Outcome) -> dict[str, Any]:
    """List fifty pupils, with the ticks and input of a form shown again."""
    page = pupil_page(request.services, query_of(listing), listing.values["page"], request.now)
    return {
        "page": page,
        "listing": listing,
        "sites": [(site.code, site.name) for site in request.staff.sites],
        "states": [
            ("", "tous"),
            *((token, enrolments.STATES[state]) for token, state in enrolments.STATE_TOKENS.items()),
        ],
        "documents": _DOCUMENTS,
        "opinions": _OPINIONS,
        "counts": enrolments.counts_sentence(Counter(page.counts)),
        "teachers": _EVERYBODY | {listing.values["enseignant"]: _NO_TEACHER} | page.teachers | _EVERYBODY,
        "exporting": "mot_de_passe" in request.form,
        "words": enrolments,
        "path": LIST_PATH,
        "decided_path": decided_path(request, listing.site),
        "place_at": lambda row: ListPlace(listing, page.first + row, page.total),
        "path_of": lambda pupil: family_path(pupil.family.account.ref, "reinscriptions"),
        "row_of": lambda pupil: pupil_value(pupil.family.account.ref, pupil.file.key),
        "tick_of": _tick,
        "ticked": selection_values(request),
        "ticks_all": request.query.get("cocher") == YES,
    }


def _tick(pupil: EnrolledPupil) -> str:
    """Write the value of a pupil's tick. Empty for a pupil that a list cannot decide on."""
    if pupil.file.sent is None or pupil.file.state not in DECIDABLE or pupil.file.sent.answers.stays is False:
        return ""
    return selection_value(pupil.family.account.ref, PupilVersion.of(pupil))


def pupil_value(ref: AccountRef, key: str) -> str:
    """Name a pupil of a site in an address."""
    return f"{part_of(ref.identifier)}.{key}"


def decided_text(request: DeskRequest, site: str) -> str | None:
    """Confirm the decision just made on another page, on the pupil that the address names."""
    part, _, key = request.query.get("decide", "").partition(".")
    if not part:
        return None
    family = family_in_season(request.services, AccountRef(site, identifier_from_part(part)), None, request.now)
    return decision_text(family, key, request.query.get("fait", ""))


def decided_path(request: DeskRequest, site: str) -> str:
    """Write the address of the pupil decided on another page. Empty without one."""
    part, _, key = request.query.get("decide", "").partition(".")
    ref = AccountRef(site, identifier_from_part(part)) if part else None
    return f"{family_path(ref, 'reinscriptions')}#eleve-{key}" if ref else ""


def decision_text(family: EnrolledFamily, key: str, act: str) -> str | None:
    """Confirm a decision on a pupil, or that it had been made before. None for an address that names no decision."""
    pupil = next((one for one in family.pupils if one.file.key == key), None)
    if pupil is None or act not in _DONE:
        return None
    if act == "deja":
        return f"{pupil.file.name} : {_DONE[act]}"
    emails = ", ".join(family.account.emails)
    mail = (
        f"Un mail part vers {emails}." if emails else "Aucune adresse au dossier : prévenez la famille par téléphone."
    )
    return f"{pupil.file.name} : {_DONE[act]} {mail}"


REENROLMENTS: Final = ActPage(
    "reenrolments",
    "reenrolments",
    _facts,
    read_list,
    inputs=("decision", "texte", "raison"),
    confirmation=lambda request, listing: end_text(request, decided_text(request, listing.site)),
)
routes.page(LIST_PATH, "reader", REENROLMENTS, filters=FILTERS | {"decide": ANY, "cocher": YES.__eq__})
serve_views(routes, LIST_PATH, REENROLMENTS, FILTERS)
_EVERY_SITE: Final = "tous"


@routes.act(f"{LIST_PATH}/export", "secretary", REENROLMENTS, filters=FILTERS, is_proven_again=True)
def export(request: DeskRequest, listing: FilteredList) -> Response:
    """Give the file. The export is noted first."""
    queries, author = _queries(request, listing), _author(request, listing)
    export_file = enrolments_csv(request.services, queries, ExportColumns(HEADINGS, rows_of), author, request.now)
    scope = _EVERY_SITE if request.field("sites") else listing.site
    return file(f"reinscriptions-{scope}.csv", CSV, export_file.text)


def _queries(request: DeskRequest, listing: FilteredList) -> list[PupilQuery]:
    """List a query for the list's site, or for each of the member's."""
    query = query_of(listing)
    return [replace(query, site=site.code) for site in request.staff.sites] if request.field("sites") else [query]


def _author(request: DeskRequest, listing: FilteredList) -> Author:
    """Name the author and the filters of an export. No filter names a person."""
    names = FILTERS.keys() - {"site", "page"}
    filters = ", ".join(f"{name} : {value}" for name, value in listing.values.items() if value and name in names)
    return request.staff.author(f"export des réinscriptions ({filters})" if filters else "export des réinscriptions")
