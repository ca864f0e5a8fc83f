"""GET and POST /extranet/pre-inscription: what counts, when, whom to call; and the address that asks for a place."""

from collections.abc import Iterator

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.refusals import FieldsRefused, FormRefusal
from chalicelib.flows.admission.entering import Opening, read_opening
from chalicelib.flows.admission.start import ask_for_place, fool, page_stamp
from chalicelib.routes import responses
from chalicelib.routes.admission.edge import CODE_PAGE, START_PAGE, ApplicantBlueprint, ApplicantRequest, redirect
from chalicelib.routes.feedback import feedback_on
from chalicelib.routes.responses import NO_FEEDBACK, FormFeedback
from chalicelib.values import frozen

routes = ApplicantBlueprint(__name__)


@frozen
class SitesAlike:
    """Sites that have the same period and the same order, by their names; all of them where there are no others."""

    names: tuple[str, ...]
    when: str
    order: str  # "arrival", "priority" or "draw"; empty where no request is taken any more, or none is announced


@routes.get(START_PAGE)
def show_start(request: ApplicantRequest) -> Response:
    """Show the page of the day."""
    return _page(request, read_opening(request.services, request.now))


@routes.post(START_PAGE)
def take_email(request: ApplicantRequest) -> Response:
    """Have a code mailed and ask for it; the same for every address. What a machine fills in leads there too."""
    if request.field("site_web"):
        return redirect(request.services, CODE_PAGE, fool(request.services, request.client, request.now))
    opening = read_opening(request.services, request.now)
    try:
        request.check_lengths()
        stamp = request.field("depuis")
        question = ask_for_place(request.services, _email(request), stamp, opening, request.client)
    except FormRefusal as refusal:
        return _page(request, opening, feedback_on(refusal, request))
    return redirect(request.services, CODE_PAGE, question)


def _page(request: ApplicantRequest, opening: Opening, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    settings = opening.network.admission
    return responses.page(
        request.services,
        "admission/start",
        feedback=feedback,
        typed={"email": request.field("email")},
        stamp=page_stamp(request.services, request.now, request.field("depuis")),
        opening=opening,
        is_in=request.token is not None,
        groups_of_sites=tuple(_sites_alike(opening)),
        age_day=settings.age_day(opening.season),
        settings=settings,
    )


def _email(request: ApplicantRequest) -> str:
    """Read the address. Raises `FieldsRefused`."""
    typed = request.field("email")
    email = email_from(typed)
    checks = {
        "own_email_missing": not typed,
        "email_malformed": not email,
        "email_not_ascii": not email.isascii(),
    }
    if code := next((code for code, is_so in checks.items() if is_so), None):
        raise FieldsRefused({"email": (code,)})
    return email


def _sites_alike(opening: Opening) -> Iterator[SitesAlike]:
    groups: dict[tuple[EnrolmentPeriod | None, str], list[str]] = {}
    for site in opening.network.sites:
        period = opening.periods.of(site.code)
        is_coming = period is not None and period.state(opening.now) != "after"
        order: str = opening.network.admission.order_of(site.code) if is_coming else ""
        groups.setdefault((period, order), []).append(site.name)
    for (period, order), names in groups.items():
        when = texts.requests_period(period, opening.now)
        yield SitesAlike(tuple(names) if len(groups) > 1 else (), when, order)
