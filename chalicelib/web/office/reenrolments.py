"""GET /extranet/bureau/reinscriptions: the pupils of a site by filters, fifty at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import FOYER, DocumentRule
from chalicelib.domain.enrolment.enrolments import DECIDABLE
from chalicelib.domain.enrolment.paperwork import required_documents
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.decide import PupilVersion
from chalicelib.office.enrolment.export import ExportColumns, enrolments_csv
from chalicelib.office.enrolment.reenrolments import (
    EnrolledFamily,
    EnrolledPupil,
    PupilPage,
    PupilQuery,
    family_in_season,
    is_open_for,
    pupil_page,
)
from chalicelib.office.enrolment.undo import UNDOS, subject_of
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.enrolments_export import HEADINGS, rows_of
from chalicelib.settings.wings import has
from chalicelib.web.office.acts import YES, ActBlueprint, ActPage, Outcome, offer_undo, sealed_undo
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
    shown_columns,
)
from chalicelib.web.office.tables import Column, ListChoice
from chalicelib.web.responses import CSV, Response, file

routes = ActBlueprint(__name__)

LIST_PATH: Final = f"{DESK}/reinscriptions"
FILTERS: Final[Filters] = BY_SITE | {
    "etat": enrolments.STATE_TOKENS.__contains__,
    "discipline": ANY,
    "enseignant": ANY,
    "piece": enrolments.DOCUMENTS_TOKENS.__contains__,
    "avis": lambda token: has("teaching") and token in enrolments.OPINION_TOKENS,
    "delai": YES.__eq__,
    "suivi": "moi".__eq__,
    "tri": enrolments.ORDER_TOKENS.__contains__,
    "page": ANY,
}
_STATES: Final = {token: enrolments.STATES[state] for token, state in enrolments.STATE_TOKENS.items()}
_DOCUMENTS: Final[dict[str, str]] = {token: token for token in enrolments.DOCUMENTS_TOKENS}
_OPINIONS: Final[dict[str, str]] = {
    token: enrolments.LEANINGS[how] if how != "none" else "aucun avis"
    for token, how in enrolments.OPINION_TOKENS.items()
}
_DONE: Final[dict[str, str]] = {
    **{str(verdict): f"réinscription {text}." for verdict, text in enrolments.VERDICTS.items()},
    "deja": "c'était déjà décidé ainsi. Rien n'a été changé.",
    "annulee": "la décision est annulée, et aucun mail ne part. Tout est comme avant.",
}
_NO_TEACHER: Final = "inconnu à ce site"
_NO_MAIL: Final = "Aucune adresse au dossier : prévenez la famille par téléphone."


def query_of(listing: FilteredList, member: str = "") -> PupilQuery:
    """Make the query of the list for the office. `member`: the address of the one who asks, for their own files."""
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
        filters["delai"] == YES,
        member if filters["suivi"] else "",
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


def _choices(request: DeskRequest, listing: FilteredList, page: PupilPage) -> list[ListChoice]:
    """List the filters. One is by a teacher of the site, by key: no name of a person may stand in an address."""
    key = listing.values["enseignant"]
    unknown = {key: _NO_TEACHER} if key and key not in page.teachers else {}
    choices = [
        ListChoice("site", "Site", {site.code: site.name for site in request.staff.sites}, ""),
        ListChoice("etat", "État", _STATES),
        ListChoice("discipline", "Discipline", suggestions=page.disciplines),
        ListChoice("enseignant", "Enseignant", unknown | page.teachers),
        ListChoice("piece", "Pièces", _DOCUMENTS, "toutes"),
        ListChoice("delai", "Délai", {YES: "accordé, en cours"}),
    ]
    if request.staff.may("secretary"):
        choices.append(ListChoice("suivi", "Suivi", {"moi": "mes dossiers"}))
    return [*choices, ListChoice("avis", "Avis", _OPINIONS)] if has("teaching") else choices


_COLUMNS: Final = frozenset({"niveau", "enseignant", "pieces", "avis", "telephone"})


def _columns(request: DeskRequest) -> dict[str, Column]:
    """List the columns shown on demand. Telephones are for members who may call: a reader could take a whole site's."""
    rules = request.staff.network.enrolment.document_rules
    columns = {
        "niveau": Column("Niveau", lambda pupil: _each(course.level for course in pupil.pupil.courses)),
        "enseignant": Column("Enseignant", lambda pupil: _each(course.teacher for course in pupil.pupil.courses)),
        "pieces": Column("À fournir", lambda pupil: _each(_lacking_documents(pupil, rules, today(request.now)))),
    }
    if has("teaching"):
        columns["avis"] = Column("Avis", enrolments.list_opinions)
    if request.staff.may("secretary"):
        columns["telephone"] = Column(
            "Téléphone", lambda pupil: _each(one.telephone for one in pupil.family.account.household.guardians)
        )
    return columns


def _each(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))


def _facts(request: DeskRequest, listing: FilteredList, _outcome: Outcome) -> dict[str, Any]:
    """List fifty pupils, with the ticks and input of a form shown again."""
    page = pupil_page(
        request.services, query_of(listing, request.staff.member.email), listing.values["page"], request.now
    )
    usual = "avis" if any(pupil.opinions for pupil in page.pupils) else ""
    return {
        "page": page,
        "listing": listing,
        "choices": _choices(request, listing, page),
        **shown_columns(request, LIST_PATH, _columns(request), usual),
        "counts": enrolments.counts_sentence(Counter(page.counts)),
        "exporting": "mot_de_passe" in request.form,
        "words": enrolments,
        "path": LIST_PATH,
        "decided_path": decided_path(request, listing.site),
        "undo": undo_offer(request),
        "place_at": lambda row: ListPlace(listing, page.first + row, page.total),
        "path_of": lambda pupil: family_path(pupil.family.account.ref, "reinscriptions"),
        "row_of": lambda pupil: pupil_value(pupil.family.account.ref, pupil.file.key),
        "tick_of": _tick,
        "is_open": lambda pupil: is_open_for(request.services, pupil.family.account, request.now),
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
    """Confirm a decision that another page just made. The address names its pupil."""
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


def undo_offer(request: DeskRequest, seal: str = "") -> dict[str, str] | None:
    """Offer to take back a sealed decision, by default of the address or form, or to change it once it is mailed."""
    if not (seal := seal or sealed_undo(request)):
        return None
    undo = UNDOS.open(request.services, seal)[0]
    ref, key = subject_of(undo)
    path, query = family_path(ref.account, "reinscriptions"), f"saison={ref.season}&ouvrir=changer"
    return offer_undo(request, undo, path, key, query) | {"season": ref.season, "seal": seal}


def decision_text(family: EnrolledFamily, key: str, act: str) -> str | None:
    """Confirm a decision on a pupil, or that it had been made before. None for an address that names no decision."""
    pupil = next((one for one in family.pupils if one.file.key == key), None)
    if pupil is None or act not in _DONE:
        return None
    if act in {"deja", "annulee"}:
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
routes.page(LIST_PATH, "reader", REENROLMENTS, filters=FILTERS | {"decide": ANY, "annuler": ANY, "cocher": YES.__eq__})
serve_views(routes, LIST_PATH, REENROLMENTS, FILTERS, _COLUMNS)
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
    query = query_of(listing, request.staff.member.email)
    return [replace(query, site=site.code) for site in request.staff.sites] if request.field("sites") else [query]


def _author(request: DeskRequest, listing: FilteredList) -> Author:
    """Name the author and the filters of an export. No filter names a person."""
    names = FILTERS.keys() - {"site", "page"}
    filters = ", ".join(f"{name} : {value}" for name, value in listing.values.items() if value and name in names)
    return request.staff.author(f"export des réinscriptions ({filters})" if filters else "export des réinscriptions")


def _lacking_documents(pupil: EnrolledPupil, rules: Iterable[DocumentRule], day: date) -> Iterator[str]:
    """List the titles of a pupil's and their household's required documents that are neither sent nor promised."""
    account, enrolment = pupil.family.account, pupil.family.enrolment
    for document in required_documents(rules, account.household.pupils_by_key, enrolment, day):
        if document.owner in {FOYER, pupil.file.key} and enrolment.document(*document.slot) is None:
            yield document.rule.title
