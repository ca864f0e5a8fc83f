"""GET and POST /extranet/pre-inscription/demande/recapitulatif: all answers, the rules, and the button that sends."""

from dataclasses import replace

from chalicelib.domain.refusals import FormRefusal
from chalicelib.presentation import texts
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response
from chalicelib.wings.admission.domain.paperwork import asked_for, waits
from chalicelib.wings.admission.flows import summary as flow
from chalicelib.wings.admission.flows.application import documents_asked, group_titles, terms_of
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.web.application import RECEIPT_PAGE, step_feedback, step_page
from chalicelib.wings.admission.web.edge import APPLICANT, OVERVIEW_PAGE, ApplicantRequest, FormBlueprint, redirect

routes = FormBlueprint(__name__, APPLICANT)

_PATH = f"{OVERVIEW_PAGE}/recapitulatif"


@routes.get(_PATH, ApplicantRequest.enter)
def show_summary(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Show all answers, the missing ones, and the next steps."""
    return _page(request, context)


@routes.post(_PATH, ApplicantRequest.enter)
def take_form(request: ApplicantRequest, context: ApplicantContext) -> Response:
    """Send, and go to the receipt. Idempotent for the same form. If refused, show the summary again."""
    try:
        request.check_lengths()
        slots = tuple(document.slot for document in documents_asked(context))
        flow.send(request, context, flow.SummaryForm(request.field("vu"), slots))
    except FormRefusal as refusal:
        if isinstance(refusal, flow.ApplicationMoved):
            context = replace(context, application=refusal.application)
        return _page(request, context, _feedback(refusal, request, context))
    return redirect(request.services, RECEIPT_PAGE)


def _feedback(refusal: FormRefusal, request: ApplicantRequest, context: ApplicantContext) -> FormFeedback:
    """Describe why nothing was sent, which candidates already have an application, and the telephones to call."""
    if not isinstance(refusal, flow.CandidatesClaimed):
        return step_feedback(refusal, request)
    candidates = [one for one in context.application.answers.candidates if one.key in refusal.keys]
    sites = {wish.site for one in candidates for wish in one.wishes[:1]}
    telephones = dict.fromkeys(site.contact.telephone for site in context.network.sites if site.code in sites)
    names = ", ".join(one.name for one in candidates)
    return FormFeedback(422, texts.sentence(refusal.code, names=names, telephone=" ou le ".join(telephones)))


def _page(request: ApplicantRequest, context: ApplicantContext, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    application = context.application
    return step_page(
        request,
        context,
        "summary",
        feedback,
        answers=application.answers,
        candidates=asked_for(application),
        groups=group_titles(context, application.answers),
        terms=terms_of(context, asked_for(application)),
        documents=documents_asked(context),
        waits=waits(application),
        rules_url=context.network.enrolment.rules_url,
        version=flow.summary_version(application),
    )
