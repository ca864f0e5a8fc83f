"""The edge of families' pages: a family's kind of visitor, its requests, and its pages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from chalice.app import Request

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.coordinates import chosen_speaker
from chalicelib.domain.account.devices import Devices
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotLoggedIn, NotThere, Unavailable
from chalicelib.flows.family.visit import MergeAtWork, MustChange, Page, enter
from chalicelib.flows.family.visit import Visitor as Visitor  # noqa: PLC0414 - with the names of this kind of visitor
from chalicelib.presentation.announcement import Announcement, announcements
from chalicelib.presentation.texts import sentence
from chalicelib.services.family import FamilyServices, Services, Visit
from chalicelib.values import frozen
from chalicelib.web import pending_form, requests, responses
from chalicelib.web.edge import AnotherAccount, EntryDoor, PageRequest, VisitorKind
from chalicelib.web.edge import FormBlueprint as FormBlueprint  # noqa: PLC0414 - with the names of this kind of visitor
from chalicelib.web.requests import parts_of, proof, pseudonym
from chalicelib.web.responses import DEVICES, TARGET, FormFeedback, Response, target_cookie

LOGIN_PAGE: Final = "/extranet/usager"
HOME_PAGE: Final = "/extranet/compte"
CHANGE_PAGE: Final = "/extranet/compte/mot-de-passe"
FAMILY_PAGE: Final = "/extranet/compte/famille"
EMAIL_PAGE: Final = "/extranet/compte/famille/e-mail"
CODE_PAGE: Final = "/extranet/compte/famille/e-mail/code"
REENROLMENT_PAGE: Final = "/extranet/compte/reinscription"
UNCHANGED_PAGE: Final = f"{REENROLMENT_PAGE}/rien-ne-change"

_LOGIN_PAGES: Final = (LOGIN_PAGE, "/extranet/compte/connexion")


@frozen
class Counter:
    """The other door of the re-enrolment's pages: a member of the office fills them in for the family (decision 154).

    `pages`: the beginning of their addresses there. `start`: the page before and after them. `context`: as entered.
    `show`: renders a page. `paper`: reads where the answers come from. Raises `FieldsRefused`.
    """

    pages: str
    start: str
    context: Any
    show: Callable[..., Response]
    paper: Callable[[], Any]


F_co = TypeVar("F_co", bound=FamilyServices, covariant=True)


@frozen
class RequestOfFamily(PageRequest[F_co]):
    """A `PageRequest` of a family, with its other cookies."""

    target: str = ""  # the page that a link led to before login, empty without one
    counter: Counter | None = None  # of the office, for a family

    @property
    def pages(self) -> str:
        """The beginning of the addresses of the re-enrolment's pages."""
        return self.counter.pages if self.counter else REENROLMENT_PAGE

    @property
    def start(self) -> str:
        """The page before the re-enrolment's steps."""
        return self.counter.start if self.counter else REENROLMENT_PAGE

    def speaker_of(self, visitor: Visitor) -> str:
        """Name the guardian chosen as speaker in a form of this login. Empty without one."""
        return chosen_speaker(visitor.account, self.field("par")) if self._is_of(visitor) else ""

    def announcements(self, site: str | None = None) -> tuple[Announcement, ...]:
        """List a site's re-enrolment periods, or all. The last known ones if the table is unavailable."""
        try:
            periods = self.services.periods.recent(self.now)
        except Unavailable as error:
            self.record("unavailable", what=str(error), lacking="period")
            periods = self.services.periods.last_known
        return announcements(self.services.settings.network, periods, self.now, site)

    def enter(self, page: Page = "") -> Visitor:
        """Let in the visitor of a form that the door has proven. Raises `NotLoggedIn` or `MustChange`."""
        visitor = enter(self, self.speaker_of, page)
        self.check_account(visitor)
        return visitor

    def check_account(self, visitor: Visitor) -> None:
        """Refuse a form that another account opened in this browser. Raises `AnotherAccount`."""
        if not self._is_of(visitor):
            raise AnotherAccount

    def _is_of(self, visitor: Visitor) -> bool:
        whose, _ = parts_of(self.field("jeton"))
        return not whose or whose == pseudonym(self.services, visitor.login.ref)

    def devices_cookie(self, account: AccountRef) -> str:
        """Make the cookie by which an account, whose password was just proven, knows this browser from now on."""
        return self.client.devices.remember(account, self.now)


FamilyRequest = RequestOfFamily[FamilyServices]


def _other_cookies(_request: Request, cookies: str, visit: Visit[Services]) -> dict[str, Any]:
    name = FAMILY.cookie_name(visit.services)
    devices = Devices(visit.services.settings.key_ring("devices"), requests.cookie(cookies, f"{name}{DEVICES}"))
    return {
        "client": replace(visit.client, devices=devices),
        "target": requests.target_path(requests.cookie(cookies, f"{name}{TARGET}")),
    }


def _refuse(request: FamilyRequest, path: str, refusal: Exception) -> Response:
    """Redirect to the login form or to the change of password, keeping a form that was just sent.

    A fresh login, led to a missing page by a link in another account's mail, goes home.
    """
    services = request.services
    if isinstance(refusal, AnotherAccount | MergeAtWork) or (
        isinstance(refusal, NotThere) and request.came_from in _LOGIN_PAGES
    ):
        return responses.redirect(services, HOME_PAGE)
    if isinstance(refusal, NotThere):
        raise refusal
    is_vouched = request.is_proven or request.token is not None  # without a header, the form's proof was checked
    pending = pending_form.pending_form(path, request.form) if is_vouched else None
    if isinstance(refusal, MustChange):
        if pending and request.token:
            return pending_form.change_first_page(services, pending, request.token)
        return responses.redirect(services, CHANGE_PAGE)
    if pending is None:
        target = "" if request.is_unsafe else requests.target_of(path)
        return responses.redirect(services, LOGIN_PAGE, *([target_cookie(target)] if target else []))
    fields = {"site": request.token.site if request.token else "", "identifiant": ""}
    return pending_form.login_page(services, pending, fields, FormFeedback(401))


FAMILY: Final = VisitorKind(
    services=FamilyServices,
    request=FamilyRequest,
    door=EntryDoor,
    refusals=(NotLoggedIn, MustChange, AnotherAccount, NotThere),
    refuse=_refuse,
    token_from=Token.parse,
    more_facts=_other_cookies,
)


def go_in(
    request: FamilyRequest, account: AccountRef, token: Token, pending: pending_form.PendingForm | None
) -> Response:
    """Go to « Accueil » or the target of a link. A pending form is offered first, to be sent."""
    devices = request.devices_cookie(account)
    if pending and pending.is_of(request.services, account):
        return pending_form.back_page(
            request.services, pending, account, token, [*FAMILY.cookies(token.cookie, devices), target_cookie()]
        )
    cookies = (target_cookie(),) if request.target else ()
    return FAMILY.redirect(request.services, request.target or HOME_PAGE, token.cookie, devices, *cookies)


def family_page(request: FamilyRequest, visitor: Visitor, name: str, tab: str, **facts: Any) -> Response:  # noqa: ANN401
    """Render `templates/family/NAME.html`: with its tabs, the proof of its forms, and the arguments of `page`.

    After a login that named another site, the first pages name the account's own.
    """
    facts |= {"proof": proof(request.services, visitor.login.ref, visitor.token)}
    facts |= {"may_omit_password": visitor.may_omit_password(request.now)}
    if visitor.site_was_forgiven:
        facts |= {"site_forgiven": sentence("site_forgiven", site=visitor.site.name)}
    return responses.page(request.services, f"family/{name}", visitor=visitor, tab=tab, **facts)
