"""GET /extranet/bureau/reinscriptions/SITE/FAMILLE, and its decisions: all of one family's re-enrolment."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from chalice.app import Response

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import Verdict
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.office.account import note_consultation
from chalicelib.office.campaign.letters import family_letter
from chalicelib.office.dossiers.documents import linked_files, origins_of
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput, PupilVersion, decide_as_shown
from chalicelib.office.enrolment.reenrolments import EnrolledPupil
from chalicelib.office.enrolment.show import EnrolmentOverview, documents_of, family_in_season, family_overview
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import enrolment_lines, enrolments
from chalicelib.presentation.office.handed_in_files import file_text
from chalicelib.presentation.office.postal_letter import write_letter
from chalicelib.presentation.printing import letter_pdf_of
from chalicelib.web import responses
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, parameter
from chalicelib.web.office.edge import StaffRequest, desk_page, family_path, part_of, redirect
from chalicelib.web.office.family import FAMILY, FAMILY_PAGE
from chalicelib.web.office.reenrolments import LIST_PATH
from chalicelib.web.responses import FormFeedback, also_showing_images_of

routes = ActBlueprint(__name__)

_LETTER_WHY: Final = "courrier imprimé depuis le dossier"


@routes.get(f"{FAMILY_PAGE}/courrier", right="secretary")
def download_letter(request: StaffRequest) -> Response:
    """Give the letter that the campaign by post would send to this family. Its author is noted."""
    try:
        return _letter(request)
    except OfficeRefusal as refusal:
        return FAMILY.show(request, None, FAMILY.refused(request, refusal))


def _letter(request: StaffRequest) -> Response:
    ref = request.family
    network = request.services.settings.network
    case = HelpdeskCase(ref.identifier, ref.site, request.staff.author(_LETTER_WHY))
    letter = write_letter(family_letter(request.services, case, request.now), network)
    pdf, why = letter_pdf_of(letter, f"Courrier : {letter.addressee[0]}", network.name)
    if why:
        raise OfficeRefusal("letter_unprinted", why=why)
    return responses.file(f"courrier-{ref.site}-{part_of(ref.identifier)}.pdf", "application/pdf", pdf)


_REENROLMENT_DOCUMENTS_PATH: Final = "/extranet/bureau/reinscriptions/{site}/{famille}/pieces"
_WHY: Final = "réinscription"


@routes.get(_REENROLMENT_DOCUMENTS_PATH, right="reader")
def show_documents(request: StaffRequest) -> Response:
    """Show each file by a link valid for five minutes. The consultation is noted first."""
    family = family_in_season(request.services, request.family, request.query.get("saison"), request.now)
    documents = documents_of(request.services, family, _author(request), request.now)
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


def _author(request: StaffRequest) -> Author:
    return request.staff.author(_WHY)


_PATH: Final = f"{LIST_PATH}/{{site}}/{{famille}}"
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
# The field beside which a refusal of the office's flow is shown. Any other is shown on top of the page.
_FIELDS: Final[Mapping[str, str]] = {
    "decide_words": "texte",
    "decision_words_long": "texte",
    "office_why_long": "raison",
    "decide_before": "changer",
}


def decision_input(request: StaffRequest) -> EnrolmentDecisionInput:
    """Read the decision. Raises `FieldsRefused` without a verdict."""
    chosen = next((verdict for verdict in VERDICTS if verdict == request.field("decision")), None)
    if chosen is None:
        raise FieldsRefused({"decision": ("decision_missing",)})
    author = request.staff.author(request.field("raison"))
    return EnrolmentDecisionInput(
        chosen, author.who, request.field("texte"), author.why, again=bool(request.field("changer"))
    )


def _overview(request: StaffRequest) -> EnrolmentOverview:
    return family_overview(request.services, request.family, parameter(request, "saison") or None, request.now)


def _information(request: StaffRequest, overview: EnrolmentOverview) -> str | None:
    pupil = next((one for one in overview.family.pupils if one.file.key == request.query.get("eleve")), None)
    done = request.query.get("fait", "")
    if pupil is None or done not in {*VERDICTS, "deja"}:
        return None
    if done == "deja":
        return f"{pupil.file.name} : c'était déjà décidé ainsi. Rien n'a été changé."
    verdict = next(one for one in VERDICTS if one == done)
    return f"{pupil.file.name} : réinscription {enrolments.VERDICTS[verdict]}. {_mailed(overview)}"


def _mailed(overview: EnrolmentOverview) -> str:
    emails = ", ".join(overview.family.account.emails)
    return (
        f"Un mail part vers {emails}." if emails else "Aucune adresse au dossier : prévenez la famille par téléphone."
    )


def _is_decidable(pupil: EnrolledPupil) -> bool:
    """Whether a decision on a pupil is possible: it was sent, and stays."""
    return pupil.file.sent is not None and pupil.file.sent.answers.stays is not False


def _facts(request: StaffRequest, overview: EnrolmentOverview, _outcome: Outcome) -> dict[str, Any]:
    """List the facts of the page, and note the consultation, also for a refused form, which shows all of it too."""
    note_consultation(request.services, request.family, "enrolment_read", request.staff.member.known_as, request.now)
    return {
        "overview": overview,
        "lines": enrolment_lines,
        "path": family_path(request.family, "reinscriptions"),
        "file_path": family_path(request.family),
        "list_path": LIST_PATH,
        "is_decidable": _is_decidable,
        "shown": PupilVersion.of,
    }


REENROLMENT: Final = ActPage(
    "reenrolment",
    "reenrolments",
    _facts,
    _overview,
    typed=("eleve", "decision", "texte", "raison", "changer"),
    confirmation=_information,
    fields=_FIELDS,
    is_by_pupil=True,
)
routes.page(_PATH, "reader", REENROLMENT)


@routes.act(f"{_PATH}/decision", "secretary", REENROLMENT)
def decide(request: StaffRequest, overview: EnrolmentOverview) -> Response:
    """Decide on the pupil that the page showed. The page then confirms the decision on a pupil, named by its key."""
    shown = PupilVersion.parse(request.field("eleve"), request.field("vu"))
    result = decide_as_shown(request.services, overview.family, (shown,), decision_input(request), request.now)
    (decided,) = result.pupils
    done = decided.decision.verdict if decided.is_new else "deja"
    season, key = result.family.enrolment.ref.season, decided.subject.file.key
    path = family_path(request.family, "reinscriptions")
    return redirect(request.services, f"{path}?saison={season}&fait={done}&eleve={key}")
