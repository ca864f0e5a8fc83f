"""GET and POST /extranet/pre-inscription: ask for a place or follow an application. A mailed code opens it."""

from typing import TYPE_CHECKING

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.mailed_codes import CodeUsedUp
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on, page
from chalicelib.wings.admission.domain.email_codes import CodeRequest
from chalicelib.wings.admission.flows.access import ask_for_status, code_request_of, leave, prove
from chalicelib.wings.admission.flows.entry import AdmissionPeriods, read_admission_periods
from chalicelib.wings.admission.flows.start import answer_bot, ask_for_place, page_stamp
from chalicelib.wings.admission.web.edge import (
    APPLICANT,
    CODE_PAGE,
    FOLLOW_UP_PAGE,
    LEAVE_PATH,
    OVERVIEW_PAGE,
    SITE_PAGE,
    START_PAGE,
    ApplicantRequest,
    redirect,
    site_named,
)

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site


routes = FormBlueprint(__name__, APPLICANT)


@routes.post(LEAVE_PATH)
def end_session(request: ApplicantRequest) -> Response:
    """End the session and go back to the start."""
    request.check_form_proof()
    leave(request)
    return redirect(request.services, START_PAGE, "")


@routes.get(FOLLOW_UP_PAGE)
def show_follow_up_form(request: ApplicantRequest) -> Response:
    """Ask for the number."""
    return _follow_up_form(request)


@routes.post(FOLLOW_UP_PAGE)
def take_number(request: ApplicantRequest) -> Response:
    """Mail a code to the address of that application and ask for it. Every number gets the same answer."""
    try:
        request.check_lengths()
        question = ask_for_status(request, request.field("numero"))
    except FormRefusal as refusal:
        return _follow_up_form(request, feedback_on(refusal, request))
    return redirect(request.services, CODE_PAGE, question)


def _follow_up_form(request: ApplicantRequest, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    fields = {"numero": request.field("numero")}
    return page(request.services, "applicant/follow_up", feedback=feedback, typed=fields)


@frozen
class SiteDates:
    """The dates at which a site takes requests. `order`: "arrival", "priority" or "draw", empty once it takes none."""

    site: "Site"
    when: str
    brief: str
    order: str


@routes.get(START_PAGE)
def show_start(request: ApplicantRequest) -> Response:
    """Show when each site takes applications."""
    return _page(request, read_admission_periods(request.services, request.now))


@routes.get(SITE_PAGE)
def show_site(request: ApplicantRequest) -> Response:
    """Show the dates, the rules and the contact of a site."""
    site = site_named(request, request.parts["site"])
    if site is None:
        raise NotThere
    return _page(request, read_admission_periods(request.services, request.now), site=site)


@routes.post(START_PAGE)
def take_email(request: ApplicantRequest) -> Response:
    """Mail a code and ask for it. Every address gets the same answer, and so does a bot that fills the trap field."""
    if request.field("site_web"):
        return redirect(request.services, CODE_PAGE, answer_bot(request))
    admission_periods = read_admission_periods(request.services, request.now)
    try:
        request.check_lengths()
        stamp = request.field("depuis")
        question = ask_for_place(request, _email(request), stamp, admission_periods)
    except FormRefusal as refusal:
        return _page(
            request, admission_periods, feedback_on(refusal, request), site_named(request, request.field("site"))
        )
    return redirect(request.services, CODE_PAGE, question)


def _page(
    request: ApplicantRequest,
    admission_periods: AdmissionPeriods,
    feedback: FormFeedback = NO_FEEDBACK,
    site: "Site | None" = None,
) -> Response:
    settings = admission_periods.network.admission
    return page(
        request.services,
        "applicant/start" if site is None else "applicant/start_site",
        feedback=feedback,
        typed={"email": request.field("email")},
        stamp=page_stamp(request.services, request.now, request.field("depuis")),
        opening=admission_periods,
        is_in=request.token is not None,
        dates=tuple(
            _dates(admission_periods, place) for place in admission_periods.network.sites if site in {None, place}
        ),
        site=site,
        path_of=lambda known: SITE_PAGE.format(site=known.code),
        age_day=settings.age_day(admission_periods.season),
        settings=settings,
    )


def _email(request: ApplicantRequest) -> str:
    """Read the address. Raises `FieldsRefused`."""
    text = request.field("email")
    email = email_from(text)
    checks = {"own_email_missing": not text, "email_malformed": not email, "email_not_ascii": not email.isascii()}
    if code := next((code for code, is_so in checks.items() if is_so), None):
        raise FieldsRefused({"email": (code,)})
    return email


def _dates(admission_periods: AdmissionPeriods, site: "Site") -> SiteDates:
    period = admission_periods.periods.of(site.code)
    is_coming = period is not None and period.state(admission_periods.now) != "after"
    order: str = admission_periods.network.admission.order_of(site.code) if is_coming else ""
    return SiteDates(
        site,
        texts.admission_period(period, admission_periods.now),
        texts.admission_brief(period, admission_periods.now),
        order,
    )


@routes.get(CODE_PAGE)
def show_form(request: ApplicantRequest) -> Response:
    """Show where the code was sent."""
    code_request = code_request_of(request.services, request.cookie)
    return _form(request, code_request) if code_request else _lead_on(request)


@routes.post(CODE_PAGE)
def take_code(request: ApplicantRequest) -> Response:
    """Open the application, or show the form again."""
    code_request = code_request_of(request.services, request.cookie)
    if code_request is None:
        return _lead_on(request)
    try:
        request.check_lengths()
        token = prove(request, code_request, request.field("code"))
    except CodeUsedUp as refusal:
        return _form(request, code_request, feedback_on(refusal, request), is_over=True)
    except FormRefusal as refusal:
        return _form(request, code_request, feedback_on(refusal, request))
    return redirect(request.services, OVERVIEW_PAGE, token.cookie)


def _lead_on(request: ApplicantRequest) -> Response:
    """Redirect to the application if a session is open, else to the start."""
    return redirect(request.services, OVERVIEW_PAGE if request.token else START_PAGE)


def _form(
    request: ApplicantRequest, code_request: CodeRequest, feedback: FormFeedback = NO_FEEDBACK, *, is_over: bool = False
) -> Response:
    is_over = is_over or request.now >= code_request.expires_at
    return page(
        request.services,
        "applicant/code",
        feedback=feedback,
        question=code_request,
        is_over=is_over,
        site=site_named(request, request.field("site")),
    )
