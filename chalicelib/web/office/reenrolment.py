"""GET /extranet/bureau/reinscriptions/SITE/FAMILLE, and its decisions: all of one family's re-enrolment."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import DECIDABLE, Verdict
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.office.account import note_consultation
from chalicelib.office.dossiers.documents import linked_files, origins_of
from chalicelib.office.dossiers.worklist import Step
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput, PupilVersion, decide_as_shown
from chalicelib.office.enrolment.reenrolments import (
    EnrolledFamily,
    EnrolledPupil,
    family_in_season,
    pupil_beside,
    pupil_mark,
)
from chalicelib.office.enrolment.show import EnrolmentOverview, documents_of, dossier_of, family_overview
from chalicelib.office.enrolment.undo import UNDOS, seal_undo, subject_of, undo_decision
from chalicelib.presentation.office import enrolment_lines, timeline
from chalicelib.presentation.office.handed_in_files import file_text
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, parameter
from chalicelib.web.office.documents import DONE, take_check
from chalicelib.web.office.edge import DeskRequest, desk_page, family_path, redirect
from chalicelib.web.office.filters import ANY, TIMELINE, Filters
from chalicelib.web.office.lists import PLACE, FileRow, ListPlace, back_to, read_place, step_beside
from chalicelib.web.office.reenrolments import (
    FILTERS,
    LIST_PATH,
    decided_path,
    decided_text,
    decision_text,
    pupil_value,
    query_of,
    undo_offer,
)
from chalicelib.web.responses import FormFeedback, Response, also_showing_images_of

routes = ActBlueprint(__name__)

_REENROLMENT_DOCUMENTS_PATH: Final = "/extranet/bureau/reinscriptions/{site}/{famille}/pieces"
_WHY: Final = "réinscription"


@routes.get(_REENROLMENT_DOCUMENTS_PATH, right="reader")
def show_documents(request: DeskRequest) -> Response:
    """Show each file by a link valid for five minutes. The consultation is noted first."""
    family = family_in_season(request.services, request.family, request.query.get("saison"), request.now)
    documents = documents_of(request.services, family, request.staff.author(_WHY), request.now)
    files = linked_files(request.services, documents)
    return desk_page(
        request,
        "reenrolment_documents",
        "reenrolments",
        feedback=FormFeedback(headers=also_showing_images_of(origins_of(files))),
        family=family,
        files=files,
        text_of=file_text,
        path=family_path(request.family, "reinscriptions"),
    )


_PATH: Final = f"{LIST_PATH}/{{site}}/{{famille}}"
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
# The field beside which a refusal of the office's flow is shown. Any other is shown on top of the page.
_FIELDS: Final[Mapping[str, str]] = {
    "decide_words": "texte",
    "decision_words_long": "texte",
    "office_why_long": "raison",
    "decide_before": "changer",
    "document_words": "texte",
}


def decision_input(request: DeskRequest) -> EnrolmentDecisionInput:
    """Read the decision. Raises `FieldsRefused` without a verdict."""
    choice = next((verdict for verdict in VERDICTS if verdict == request.field("decision")), None)
    if choice is None:
        raise FieldsRefused({"decision": ("decision_missing",)})
    author = request.staff.author(request.field("raison"))
    return EnrolmentDecisionInput(
        choice, author.who, request.field("texte"), author.why, again=bool(request.field("changer"))
    )


def _family(request: DeskRequest) -> EnrolledFamily:
    """Read the family and its re-enrolment, without the opinions and last year's."""
    return family_in_season(request.services, request.family, request.field("saison") or None, request.now)


def _information(request: DeskRequest, overview: EnrolmentOverview) -> str | None:
    if request.query.get("decide"):
        return decided_text(request, request.family.site)
    act = request.query.get("fait", "")
    return DONE.get(act) or decision_text(overview.family, request.query.get("eleve", ""), act)


def _is_decidable(pupil: EnrolledPupil) -> bool:
    """Whether a decision on a pupil is possible: they were sent, and stay."""
    return pupil.file.sent is not None and pupil.file.sent.answers.stays is not False


def _facts(request: DeskRequest, overview: EnrolmentOverview, _outcome: Outcome) -> dict[str, Any]:
    """List the facts of the page, and note the consultation, also for a refused form, which shows all of it too."""
    note_consultation(request.services, request.family, "enrolment_read", request.staff.member.known_as, request.now)
    request.note_opened(request.family.site, request.family.identifier)
    return {
        "overview": overview,
        "lines": enrolment_lines,
        "path": family_path(request.family, "reinscriptions"),
        "file_path": family_path(request.family),
        "list_path": LIST_PATH,
        "place": read_place(request, LIST_PATH, FILTERS),
        "key": parameter(request, "eleve"),
        "row_of": pupil_value,
        "decided_path": decided_path(request, request.family.site),
        "undo": undo_offer(request),
        "is_decidable": _is_decidable,
        "shown": PupilVersion.of,
        "waiting": [
            (f"{pupil.file.name} : à décider", f"#eleve-{pupil.file.key}")
            for pupil in overview.family.pupils
            if pupil.file.state in DECIDABLE
        ],
        "timeline": timeline.timeline(timeline.of_enrolment(overview), request.query.get("fil", "")),
    }


REENROLMENT: Final = ActPage(
    "reenrolment",
    "reenrolments",
    _facts,
    lambda request: family_overview(
        request.services, request.family, parameter(request, "saison") or None, request.now
    ),
    inputs=("eleve", "decision", "texte", "raison", "changer", "piece"),
    confirmation=_information,
    fields=_FIELDS,
    is_by_pupil=True,
)
_FILTERS: Final[Filters] = FILTERS | PLACE | TIMELINE | {"saison": ANY, "annuler": ANY, "ouvrir": "changer".__eq__}


@routes.get(_PATH, right="reader", filters=_FILTERS)
def show_reenrolment(request: DeskRequest) -> Response:
    """Show the re-enrolment, or redirect to the next or previous one of the list that it was opened from."""
    place = read_place(request, LIST_PATH, FILTERS)
    return step_beside(request, place, lambda place, step: _beside(request, place, step)) or REENROLMENT.open(request)


def _beside(request: DeskRequest, place: ListPlace, step: Step) -> FileRow | None:
    query = query_of(place.listing, request.staff.member.email)
    mark = pupil_mark(request.family.identifier, parameter(request, "eleve"))
    row = pupil_beside(request.services, query, mark, place.position, step, request.now)
    if row is None:
        return None
    ref = AccountRef(row.row.family.site, row.row.family.identifier)
    return row.of((family_path(ref, "reinscriptions"), row.row.key))


@routes.act(f"{_PATH}/decision", "secretary", REENROLMENT, filters=_FILTERS, find=_family)
def decide(request: DeskRequest, family: EnrolledFamily) -> Response:
    """Decide on the pupil that the page showed. Its page confirms it, or the next one of the list."""
    version = PupilVersion.parse(request.field("eleve"), request.field("vu"))
    place = read_place(request, LIST_PATH, FILTERS)
    onward = place if request.field("suite") == "suivant" else None
    row = _beside(request, onward, "next") if onward else None  # before the decision moves the pupil in the order
    (pupil,) = decide_as_shown(request.services, family, (version,), decision_input(request), request.now)
    act = pupil.decision.verdict if pupil.is_new else "deja"
    ref, key = request.family, pupil.subject.file.key
    about = {"fait": act, "annuler": seal_undo(request.services, (pupil,))}
    if onward is None:
        path = family_path(ref, "reinscriptions")
        return back_to(request, place, path, key, {"saison": family.enrolment.ref.season} | about)
    has_left = query_of(onward.listing).state not in {None, pupil.decision.verdict}
    about["decide"] = pupil_value(ref, key)
    return redirect(request.services, onward.beside(row, has_left=has_left, **about))


@routes.act(f"{_PATH}/decision/annuler", "secretary", REENROLMENT, filters=_FILTERS, find=_family)
def undo(request: DeskRequest, family: EnrolledFamily) -> Response:
    """Take back the decision that a page confirmed, within thirty seconds."""
    first, *more = UNDOS.open(request.services, request.field("annuler"))
    ref, key = subject_of(first)
    if more or ref != family.enrolment.ref:
        raise NotThere
    undo_decision(request.services, family.enrolment, first, request.staff.member.known_as, request.now)
    path, place = family_path(request.family, "reinscriptions"), read_place(request, LIST_PATH, FILTERS)
    return back_to(request, place, path, key, {"saison": ref.season, "fait": "annulee"})


@routes.act(f"{_PATH}/piece", "secretary", REENROLMENT, form="piece", find=_family)
def check_piece(request: DeskRequest, family: EnrolledFamily) -> Response:
    """Note a document as handed in, accepted or refused."""
    services, enrolment = request.services, family.enrolment
    dossier = dossier_of(services, family, request.now)
    act = take_check(request, dossier, lambda decide: services.enrolments.revise(enrolment, decide))
    path = family_path(request.family, "reinscriptions")
    return redirect(services, f"{path}?saison={enrolment.ref.season}&fait={act}")
