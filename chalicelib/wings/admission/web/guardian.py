"""GET and POST /extranet/pre-inscription/demande/responsable: the guardian who applies, with telephone and address."""

from dataclasses import replace

from chalicelib.domain.family import telephones
from chalicelib.domain.family.postal import Address
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.domain.text import fold
from chalicelib.values import version_of
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, version_after
from chalicelib.wings.admission.domain.applications import Answers
from chalicelib.wings.admission.flows.application import group_titles
from chalicelib.wings.admission.flows.draft import AnswersMoved, guardian_part, save_guardian
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.web.application import form_of, go_on, step_feedback, step_page
from chalicelib.wings.admission.web.edge import APPLICANT, OVERVIEW_PAGE, ApplicantRequest, FormBlueprint

routes = FormBlueprint(__name__, APPLICANT)

_PATH = f"{OVERVIEW_PAGE}/responsable"


@routes.get(_PATH, ApplicantRequest.enter)
def show_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Show the stored answers."""
    answers = context.application.answers
    return _form(request, context, answers, Address.from_lines(answers.address))


@routes.post(_PATH, ApplicantRequest.enter)
def take_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Save the guardian and go on, or show the form again."""
    form, address = form_of(request), _address(request)
    answers = _answers(request, context, address)
    try:
        request.check_lengths()
        _check(request, address, later=form.later)
        after = save_guardian(request, context, answers, form)
    except FormRefusal as refusal:
        return _form(request, context, answers, address, step_feedback(refusal, request))
    return go_on(request, replace(context, application=after), later=form.later)


def _answers(request: ApplicantRequest, context: ApplicantContext, address: Address) -> Answers:
    telephone = request.field("telephone")
    return Answers(
        guardian=request.field("nom"),
        telephone=telephones.telephone_from(telephone) or telephone,
        address=tuple(line for line in map(str.strip, address.lines) if line),
        groups=tuple(code for code in _asked(context) if request.field(f"groupe-{code}")),
    )


def _address(request: ApplicantRequest) -> Address:
    typed_in = (request.field(name) for name in ("code_postal", "ville", "pays"))
    return Address.from_form(request.field("voie").splitlines(), *typed_in)


def _check(request: ApplicantRequest, address: Address, *, later: bool) -> None:
    """Refuse malformed input, and missing answers unless the form is for later. Raises `FieldsRefused`."""
    name = request.field("nom")
    wrong = {
        "nom": "name_malformed" if name and not fold(name) else None,
        "telephone": telephones.error_in(request.field("telephone")),
    }
    errors: dict[str, tuple[str, ...]] = {field: (code,) for field, code in wrong.items() if code}
    if not later:
        errors |= {} if name else {"nom": ("own_name_missing",)}
        errors |= {} if request.field("telephone") else {"telephone": ("telephone_missing",)}
        errors |= address.errors
    if errors:
        raise FieldsRefused(errors)


def _asked(context: ApplicantContext) -> tuple[str, ...]:
    """List the codes of the groups that the form asks about."""
    network = context.network
    return tuple(group.code for group in network.admission.groups_asked(site.code for site in network.sites))


def _form(
    request: ApplicantRequest,
    context: ApplicantContext,
    answers: Answers,
    address: Address,
    feedback: FormFeedback = NO_FEEDBACK,
) -> Response:
    refusal = feedback.refusal
    move = refusal.answers if isinstance(refusal, AnswersMoved) else None
    version = version_of(guardian_part(context.application.answers))
    return step_page(
        request,
        context,
        "guardian",
        feedback,
        answers=answers,
        address=address,
        groups=context.network.admission.groups_asked(site.code for site in context.network.sites),
        moved=move,
        moved_groups=group_titles(context, move) if isinstance(move, Answers) else (),
        version=version_after(refusal, request) if refusal else version,
    )
