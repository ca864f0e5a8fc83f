"""GET /extranet/bureau/demandes/NUMERO, its decisions and places: all of one new family's application."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, get_args

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.office.account import note_consultation
from chalicelib.office.dossiers.documents import linked_files, origins_of
from chalicelib.office.dossiers.worklist import Step
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import timeline
from chalicelib.presentation.office.handed_in_files import file_text
from chalicelib.web.office import turns
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, parameter, typed_days
from chalicelib.web.office.documents import DONE, take_check
from chalicelib.web.office.edge import DeskRequest, desk_page, family_path, redirect
from chalicelib.web.office.filters import ANY, TIMELINE, Filters
from chalicelib.web.office.lists import PLACE, FileRow, ListPlace, back_to, read_place, step_beside
from chalicelib.web.responses import FormFeedback, Response, also_showing_images_of
from chalicelib.wings.admission.domain.applications import OVER, Application, Candidate, CandidateRef, Verdict, Wish
from chalicelib.wings.admission.domain.look_alikes import LookAlike
from chalicelib.wings.admission.domain.pools import PoolRef
from chalicelib.wings.admission.office.accept import AccountChoice, accept
from chalicelib.wings.admission.office.applications import (
    ListedCandidate,
    application_beside,
    audited_as,
    find_application_at,
)
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateDecision, CandidateVersion, decide
from chalicelib.wings.admission.office.offer_place import PlaceOffer, offer_place
from chalicelib.wings.admission.office.places import SeasonPlaces
from chalicelib.wings.admission.office.show import application_overview_at, documents_of, dossier_of
from chalicelib.wings.admission.office.undo import UNDOS, seal_undo, undo_decision
from chalicelib.wings.admission.presentation.office import application_lines, applications
from chalicelib.wings.admission.web.office.applications import (
    APPLICATIONS_PAGE,
    FILTERS,
    LIST_FIELDS,
    application_path,
    decided_path,
    decided_text,
    decision_text,
    query_of,
    undo_offer,
)

if TYPE_CHECKING:
    from chalicelib.settings.environment import Network


routes = ActBlueprint(__name__)

APPLICATION_PAGE: Final = f"{APPLICATIONS_PAGE}/{{numero}}"
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_TYPED: Final = (
    *("eleve", "decision", "texte", "raison", "echeance", "voeu", "identifiant", "compte", "changer"),
    *("place", "accord", "piece", "collegue", "rappel"),
)
_NOT_THERE: Final = frozenset({"request_number", "request_unknown"})
# The field beside which a refusal of the office's flows is shown. Any other is shown on top of the page.
_FIELDS: Final[Mapping[str, str]] = {
    **LIST_FIELDS,
    "author_missing": "raison",
    "document_words": "texte",
    "request_declined_before": "changer",
    "request_wish_unknown": "voeu",
    "request_place_elsewhere": "voeu",
    **dict.fromkeys(
        (
            *("family_unknown", "several_spellings", "identifier_malformed", "request_account_closed"),
            *("request_account_given", "request_has_account", "request_identifier_taken"),
        ),
        "identifiant",
    ),
}


def _pool(request: DeskRequest, application: Application, candidate: Candidate) -> PoolRef:
    """Read the chosen place. Raises `FieldsRefused` unless it is at a site that the candidate wishes for."""
    site, _, code = request.field("place").partition("/")
    if site not in {wish.site for wish in candidate.wishes}:
        raise FieldsRefused({"place": ("place_missing",)})
    return PoolRef(site, application.ref.season, code)


def application_in_path(request: DeskRequest) -> Application:
    """Find the application of the address, if it wishes for a site of the member's. Raises `NotThere`."""
    try:
        return find_application_at(request.services, request.parts["numero"], request.staff.site_codes)
    except OfficeRefusal as refusal:
        if refusal.code in _NOT_THERE:
            raise NotThere from None
        raise


def _candidate(request: DeskRequest, application: Application) -> Candidate:
    """Find the candidate to decide on, with a wish for a site of the member's. Raises `NotThere`."""
    candidates = application.sent.answers.candidates if application.sent else ()
    candidate = next((one for one in candidates if one.key == request.field("eleve")), None)
    if candidate is None or not _own_wishes(request, candidate):
        raise NotThere
    return candidate


def _own_wishes(request: DeskRequest, candidate: Candidate) -> dict[str, Wish]:
    """List the wishes for sites of the member's, by their rank as a form has it."""
    return {str(rank): wish for rank, wish in enumerate(candidate.wishes, 1) if request.staff.sees(wish.site)}


def _decide(request: DeskRequest, application: Application, candidate: Candidate) -> CandidateDecision:
    """Decide by the office's own flow. Raises `FormRefusal`, `OfficeRefusal`."""
    decision = read_decision(request)
    version = CandidateVersion.parse(candidate.key, request.field("vu"))
    if decision.verdict == "accepted":
        choice = _account_choice(request, candidate)
        return accept(request.services, application, version, decision, request.now, choice=choice)
    return decide(request.services, application, version, decision, request.now)


def read_decision(request: DeskRequest) -> AdmissionDecisionInput:
    """Read the decision. Raises `FieldsRefused` without a verdict, or without a last day to complete."""
    choice = next((verdict for verdict in VERDICTS if verdict == request.field("decision")), None)
    if choice is None:
        raise FieldsRefused({"decision": ("decision_missing",)})
    until = _until(request) if choice == "to_complete" else None
    author, again = request.staff.author(request.field("raison")), bool(request.field("changer"))
    return AdmissionDecisionInput(choice, author.who, request.field("texte"), author.why, again, until)


def _until(request: DeskRequest) -> date:
    day = day_from(request.field("echeance"))
    if day is None:
        raise FieldsRefused({"echeance": ("day_unreadable",)})
    return day


def _account_choice(request: DeskRequest, candidate: Candidate) -> AccountChoice:
    """Read which wish is accepted, and its account. Raises `FieldsRefused` if no wish of the page is chosen."""
    wishes, identifier = _own_wishes(request, candidate), request.field("identifiant")
    wish = next(iter(wishes.values())) if len(wishes) == 1 else wishes.get(request.field("voeu"))
    if wish is None:
        raise FieldsRefused({"voeu": ("accepted_wish_missing",)})
    if not request.choice("compte", "", "oui"):
        return AccountChoice(wish.slot, identifier)
    if not identifier:
        raise FieldsRefused({"identifiant": ("account_missing",)})
    return AccountChoice(wish.slot, account=identifier)


def _information(request: DeskRequest, application: Application) -> str | None:
    if request.query.get("decide"):
        return decided_text(request)
    act = request.query.get("fait", "")
    return (DONE | turns.DONE).get(act) or decision_text(application, request.query.get("eleve", ""), act)


def _is_decidable(pupil: ListedCandidate) -> bool:
    """Whether a decision is possible: not withdrawn, nor accepted with its account made."""
    return pupil.state not in {"withdrawn", "accepted"} or pupil.lacks_account


def _may_accept(request: DeskRequest, places: SeasonPlaces, pupil: ListedCandidate) -> bool:
    """Whether a wish of the page may be accepted, or an acceptance without its account completed."""
    ref, wishes = CandidateRef(pupil.application.number, pupil.candidate.key), _own_wishes(request, pupil.candidate)
    return pupil.lacks_account or any(places.may_accept(ref, pupil.candidate, wish) for wish in wishes.values())


def _account_path(request: DeskRequest, pupil: ListedCandidate) -> str:
    """Write the address of the account given to a candidate. Empty without one, or at another site."""
    account = pupil.application.standing(pupil.candidate.key).account
    if account is None or pupil.lacks_account or not request.staff.sees(account[0]):
        return ""
    return family_path(AccountRef(*account))


def _look_alikes(pupil: ListedCandidate, network: "Network") -> dict[str, str]:
    """List the look-alikes of a candidate's application, each once, with the address of its page."""
    return {applications.look_alike(found, network): _path_of(found) for found in pupil.look_alikes}


def _path_of(look_alike: LookAlike) -> str:
    return (
        family_path(look_alike.owner)
        if isinstance(look_alike.owner, AccountRef)
        else application_path(look_alike.owner)
    )


def _facts(request: DeskRequest, application: Application, _outcome: Outcome) -> dict[str, Any]:
    overview = application_overview_at(request.services, application, request.staff.site_codes, request.now)
    day, is_day = typed_days(request, ("echeance",))
    return {
        "overview": overview,
        "application": overview.application,
        "lines": application_lines,
        "words": applications,
        "network": request.services.settings.network,
        "path": application_path(application.number),
        "list_path": APPLICATIONS_PAGE,
        "place": read_place(request, APPLICATIONS_PAGE, FILTERS),
        "key": parameter(request, "eleve"),
        "typed": {name: request.field(name) for name in _TYPED} | day,
        "is_day": is_day["echeance"],
        "own_wishes": lambda pupil: _own_wishes(request, pupil.candidate),
        "offers_place": "place" in request.form,
        "pool_value": lambda pool: f"{pool.ref.site}/{pool.ref.code}",
        "is_decidable": _is_decidable,
        "is_waiting": lambda pupil: application.state(pupil.candidate.key) not in OVER,
        "is_declined": lambda pupil: pupil.state == "declined",
        "may_accept": partial(_may_accept, request, overview.places),
        "decided_path": decided_path(request),
        "undo": undo_offer(request),
        "shown": lambda pupil: CandidateVersion.of(application, pupil.candidate.key).text,
        "ranks": [
            f"{pupil.candidate.name}, {rank}"
            for pupil, standings in zip(overview.pupils, overview.wishes, strict=True)
            for rank in filter(None, map(applications.rank, standings))
        ],
        "waiting": [
            (f"{pupil.candidate.name} : à décider", f"#eleve-{pupil.candidate.key}")
            for pupil in overview.pupils
            if pupil.is_awaited and _own_wishes(request, pupil.candidate)
        ],
        "turn": turns.turn_facts(request, audited_as(application.ref), application.wished_sites),
        **turns.note_facts(request, overview.acts),
        "timeline": timeline.timeline(application_lines.events(overview), request.query.get("fil", "")),
        "look_alikes": partial(_look_alikes, network=request.staff.network),
        "account_path": lambda pupil: _account_path(request, pupil),
    }


APPLICATION: Final = ActPage(
    "application",
    "requests",
    _facts,
    application_in_path,
    back=lambda request: APPLICATION_PAGE.format(**request.parts),
    confirmation=_information,
    fields=_FIELDS,
    is_by_pupil=True,
)


APPLICATION_FILTERS: Final[Filters] = FILTERS | PLACE | TIMELINE | {"annuler": ANY, "ouvrir": ANY}


@routes.get(APPLICATION_PAGE, right="reader", filters=APPLICATION_FILTERS)
def show_application(request: DeskRequest) -> Response:
    """Show the application, and the possible decisions, or redirect to one beside it in the list.

    The consultation is noted first.
    """
    application, place = application_in_path(request), read_place(request, APPLICATIONS_PAGE, FILTERS)
    ref = CandidateRef(application.number, "")
    if beside := step_beside(request, place, lambda place, step: _beside(request, place, ref, step)):
        return beside
    reader = request.staff.member.known_as
    note_consultation(request.services, audited_as(application.ref), "request_read", reader, request.now)
    request.note_opened(application.ref.mailbox, application.ref.season)
    return APPLICATION.show(request, application, APPLICATION.confirmed(request, application))


def _beside(request: DeskRequest, place: ListPlace, current: CandidateRef, step: Step) -> FileRow | None:
    query, codes = query_of(place.listing, request.staff.member.email), place.listing.codes
    row = application_beside(request.services, query, codes, current, place.position, step, request.now)
    return row.of((application_path(row.row.number), row.row.key)) if row else None


@routes.act(f"{APPLICATION_PAGE}/decision", "secretary", APPLICATION, filters=APPLICATION_FILTERS)
def decide_on_candidate(request: DeskRequest, application: Application) -> Response:
    """Decide on the candidate that the page showed. Its page confirms it, or the next one of the list."""
    candidate, place = _candidate(request, application), read_place(request, APPLICATIONS_PAGE, FILTERS)
    ref = CandidateRef(application.number, candidate.key)
    onward = place if request.field("suite") == "suivant" else None
    row = _beside(request, onward, ref, "next") if onward else None  # before the decision moves it in the order
    result = _decide(request, application, candidate)
    seal = seal_undo(request.services, [(application, result)])
    about = {"fait": result.decision.verdict if result.is_new else "deja", "annuler": seal}
    if onward is None:
        return back_to(request, place, application_path(application.number), candidate.key, about)
    is_same = row is not None and row.row[0] == application_path(application.number)
    has_left = not is_same and query_of(onward.listing).state not in {None, result.decision.verdict}
    return redirect(request.services, onward.beside(row, has_left=has_left, **about, decide=str(ref)))


@routes.act(f"{APPLICATION_PAGE}/decision/annuler", "secretary", APPLICATION, filters=APPLICATION_FILTERS)
def undo(request: DeskRequest, application: Application) -> Response:
    """Take back the decision that a page confirmed, within thirty seconds."""
    candidate, author = _candidate(request, application), request.staff.member.known_as
    first, *_ = UNDOS.open(request.services, request.field("annuler"))
    undo_decision(request.services, application, first, author, request.now)
    place, path = read_place(request, APPLICATIONS_PAGE, FILTERS), application_path(application.number)
    return back_to(request, place, path, candidate.key, {"fait": "annulee"})


def _place(request: DeskRequest, application: Application) -> tuple[Application, PlaceOffer]:
    """Read the offer."""
    candidate = _candidate(request, application)
    pool, agreed = _pool(request, application, candidate), bool(request.field("accord"))
    return application, PlaceOffer(pool, candidate, request.staff.author(request.field("raison")), is_taken=agreed)


@routes.act(f"{APPLICATION_PAGE}/place", "manager", APPLICATION, form="-place", reader=_place, is_proven_again=True)
def offer_out_of_order(request: DeskRequest, pair: tuple[Application, PlaceOffer]) -> str:
    """Offer a free place to a candidate at any position in line, for a noted reason."""
    application, offer = pair
    act = "place-donnee" if offer.is_taken else "place-proposee"
    is_new = offer_place(request.services, application, offer, request.now)
    return f"{act if is_new else 'place-deja'}&eleve={offer.candidate.key}"


_WHY: Final = "pré-inscription"


@routes.get(f"{APPLICATION_PAGE}/pieces", right="reader")
def show_documents(request: DeskRequest) -> Response:
    """Show each file by a link valid for five minutes. The consultation is noted first."""
    application = application_in_path(request)
    documents = documents_of(request.services, application, request.staff.author(_WHY), request.now)
    files = linked_files(request.services, documents)
    return desk_page(
        request,
        "application_documents",
        "requests",
        feedback=FormFeedback(headers=also_showing_images_of(origins_of(files))),
        application=application,
        files=files,
        text_of=file_text,
        path=application_path(application.number),
    )


@routes.act(f"{APPLICATION_PAGE}/piece", "secretary", APPLICATION, form="piece")
def check_piece(request: DeskRequest, application: Application) -> str:
    """Note a document as handed in, accepted or refused."""
    services = request.services
    dossier = dossier_of(services, application, request.now)
    return take_check(request, dossier, lambda decide: services.admission.applications.revise(application, decide))
