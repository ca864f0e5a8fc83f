"""The edge: parses an event into a trusted `PageRequest`, and turns every failure into a page in French."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar

from chalice.app import Blueprint, Request, Response

from chalicelib import wiring
from chalicelib.domain import fields
from chalicelib.domain.account.coordinates import chosen_speaker
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import AnotherAccount, FieldsRefused, MustChange, NotLoggedIn, NotThere, Unavailable
from chalicelib.flows.family.visit import Visitor, authenticate
from chalicelib.presentation.announcement import Announcement, announcements
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen
from chalicelib.web import pending_form, requests, responses
from chalicelib.web.requests import HttpRefusal, parts_of, pseudonym
from chalicelib.web.responses import FormFeedback

LOGIN_PAGE = "/extranet/usager"
HOME_PAGE = "/extranet/compte"
CHANGE_PAGE = "/extranet/compte/mot-de-passe"
FAMILY_PAGE = "/extranet/compte/famille"
EMAIL_PAGE = "/extranet/compte/famille/e-mail"
CODE_PAGE = "/extranet/compte/famille/e-mail/code"
REENROLMENT_PAGE = "/extranet/compte/reinscription"
UNCHANGED_PAGE = f"{REENROLMENT_PAGE}/rien-ne-change"

_LOGIN_PAGES = (LOGIN_PAGE, "/extranet/compte/connexion")
_SAFE = frozenset({"GET", "HEAD"})
# Every method is routed here, so that a wrong one gets a page of ours: API Gateway alone would answer 403 in English.
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# The characters of our own addresses. API Gateway passes on any other, decoded or not: those match nothing.
_PART = re.compile(requests.PART, re.ASCII)
_LONG_PARTS = {name: re.compile(part, re.ASCII) for name, part in requests.LONG_PARTS.items()}


@frozen
class PageRequest:
    """One request, parsed: its form, its token, its client, its one `now`, and the `{parts}` of its address."""

    services: Services
    client: Client
    now: datetime
    token: Token | None
    form: Mapping[str, str] = field(repr=False)
    is_unsafe: bool
    is_proven: bool  # the browser proved that a page of ours sent it
    parts: Mapping[str, str] = field(default_factory=dict)
    devices: str = field(default="", repr=False)  # cookie of the browsers known to families' accounts
    target: str = ""  # the page that a link led to before login, empty without one
    came_from: str = ""  # path of the referring page, empty if the browser sends none

    def field(self, name: str) -> str:
        """Read a field, cleaned as `domain/fields.py` declares it. Empty if it was not sent.

        Every form is read here. Raises `KeyError` for an undeclared field.
        """
        return fields.clean(name, self.form.get(name, ""))

    def check_lengths(self) -> None:
        """Refuse a form with a field longer than `domain/fields.py` allows. Raises `FieldsRefused`."""
        if refused := fields.too_long(self.form):
            raise FieldsRefused(dict.fromkeys(refused, ("words_too_long",)), longest=refused)

    def speaker_of(self, visitor: Visitor) -> str:
        """Name the guardian chosen as speaker in a form of this login. Empty without one."""
        return chosen_speaker(visitor.account, self.field("par")) if self._is_of(visitor) else ""

    def announcements(self, site: str | None = None) -> tuple[Announcement, ...]:
        """List a site's re-enrolment periods, or all. The last known ones if the table is unavailable."""
        try:
            periods = self.services.periods.recent(self.now)
        except Unavailable as error:
            self.services.record.write("unavailable", self.now, self.client.request, what=str(error), lacking="period")
            periods = self.services.periods.last_known
        return announcements(self.services.settings.network, periods, self.now, site)

    def authenticate(self, *, to_change_password: bool = False) -> Visitor:
        """Authenticate the visitor. A post without a proving header must carry its session's proof."""
        self.check_form_proof()
        visitor = authenticate(
            self.services, self.token, self.client, self.now, self.speaker_of, to_change_password=to_change_password
        )
        self.check_account(visitor)
        return visitor

    def check_form_proof(self) -> None:
        """Refuse a post from behind login that is proven neither by a header nor by its form's proof."""
        if not self.is_unsafe or self.is_proven or self.token is None:
            return
        _, session = parts_of(self.field("jeton"))
        if not hmac.compare_digest(session.encode(), self.token.form_proof.encode()):
            raise HttpRefusal(403, "no_form_proof", "cross_site_refused")

    def check_account(self, visitor: Visitor) -> None:
        """Refuse a form that another account opened in this browser. Raises `AnotherAccount`."""
        if not self._is_of(visitor):
            raise AnotherAccount

    def _is_of(self, visitor: Visitor) -> bool:
        whose, _ = parts_of(self.field("jeton"))
        return not whose or whose == pseudonym(self.services, visitor.login.ref)


View = Callable[[Any], Response]  # takes a `PageRequest` of its visitors


class FormBlueprint(Blueprint):
    """A Chalice blueprint whose views take a `PageRequest` and whose refusals become pages.

    It serves families. For another kind of visitor, a subclass reads other cookies and redirects elsewhere.
    """

    request_type: ClassVar[type[PageRequest]] = PageRequest
    most_fields: ClassVar[int] = requests.FIELDS

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._views: dict[str, dict[str, View]] = {}

    def get(self, path: str) -> Callable[[View], View]:
        """Serve a page at a path. Each `{name}` in it matches one part, given in `PageRequest.parts`."""
        return self._serve(path, "GET", "HEAD")

    def post(self, path: str) -> Callable[[View], View]:
        """Take a form at a path."""
        return self._serve(path, "POST")

    def _serve(self, path: str, *methods: str) -> Callable[[View], View]:
        def add(view: View) -> View:
            if path not in self._views:
                self._views[path] = {}
                name = re.sub(r"[^a-z]+", "_", path).strip("_")
                self.route(path, methods=_METHODS, name=name, content_types=["*/*"])(
                    lambda **_parts: self._respond(path)
                )
            self._views[path] |= dict.fromkeys(methods, view)
            return view

        return add

    def _respond(self, path: str) -> Response:
        request = self.current_request
        services = wiring.services(Services)
        now = services.clock()
        client = Client(requests.address(request), requests.request_id(request))
        try:
            return self._dispatch(self._views[path], request, services, client, now)
        except HttpRefusal as refusal:
            services.record.write(
                refusal.event,
                now,
                client.request,
                address=client.address,
                status=refusal.status,
                why=refusal.why,
                path=path,
            )
            return responses.error(services, refusal.status, refusal.headers)
        except AnotherAccount:
            return responses.redirect(services, HOME_PAGE)
        except NotThere:
            return _not_there(request, services)
        except Unavailable as error:
            services.record.write("unavailable", now, client.request, what=str(error), path=path)
            return responses.error(services, 503, {"Retry-After": "60"})
        except Exception as error:  # noqa: BLE001 - a family gets a page for every error
            services.record.write("error", now, client.request, what=_where(error), path=path)
            return responses.error(services, 500)

    def _dispatch(
        self, views: Mapping[str, View], request: Request, services: Services, client: Client, now: datetime
    ) -> Response:
        requests.check_cdn(request.headers, client, services)
        if request.method not in views:
            raise HttpRefusal(405, "method", headers={"Allow": ", ".join(sorted(views))})
        parts = request.uri_params or {}
        if not all(_LONG_PARTS.get(name, _PART).fullmatch(part) for name, part in parts.items()):
            raise NotThere
        page_request = self.read(request, services, client, now)
        try:
            return views[request.method](page_request)
        except (NotLoggedIn, MustChange) as refusal:
            return self.turn_back(page_request, request.path.format(**parts), refusal)

    def read(self, request: Request, services: Services, client: Client, now: datetime) -> PageRequest:
        """Parse a request. Raises `HttpRefusal`, and the errors of `own_facts`."""
        headers = request.headers
        is_unsafe = request.method not in _SAFE
        facts = {
            "services": services,
            "client": client,
            "now": now,
            **self.own_facts(request, headers.get("cookie", ""), services, client),
            "is_unsafe": is_unsafe,
            "is_proven": is_unsafe and requests.comes_from_us(headers, services),
            "form": requests.form(request, self.most_fields) if is_unsafe else {},
            "parts": request.uri_params or {},
            "came_from": requests.path_before(headers, services),
        }
        return self.request_type(**facts)

    def own_facts(self, _request: Request, cookies: str, services: Services, _client: Client) -> dict[str, Any]:
        """Read the cookies of this kind of visitor: at least its `token`."""
        return {
            "token": Token.parse(requests.cookie(cookies, responses.cookie_name(services))),
            "devices": requests.cookie(cookies, responses.devices_cookie_name(services)),
            "target": requests.target_path(requests.cookie(cookies, responses.target_cookie_name(services))),
        }

    def turn_back(self, request: PageRequest, path: str, refusal: NotLoggedIn | MustChange) -> Response:
        """Redirect to the login form or to the change of password, keeping a form that was just sent."""
        is_vouched = request.is_proven or request.token is not None  # without a header, the form's proof was checked
        pending = pending_form.pending_form(path, request.form) if is_vouched else None
        if isinstance(refusal, MustChange):
            if pending and request.token:
                return pending_form.change_first_page(request.services, pending, request.token)
            return responses.redirect(request.services, CHANGE_PAGE)
        if pending is None:
            target = "" if request.is_unsafe else requests.target_of(path)
            return responses.redirect_to_login(request.services, LOGIN_PAGE, target)
        typed = {"site": request.token.site if request.token else "", "identifiant": ""}
        return pending_form.login_page(request.services, pending, typed, FormFeedback(401))


def _not_there(request: Request, services: Services) -> Response:
    """Answer that the page does not exist. A fresh login, led here by a link in another account's mail, goes home."""
    if requests.path_before(request.headers, services) in _LOGIN_PAGES:
        return responses.redirect(services, HOME_PAGE)
    return responses.error(services, 404)


def _where(error: Exception) -> str:
    """Describe an error by its type and place, without its message, which may repeat input."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}" if frame else "?"
    return f"{type(error).__name__} at {place}"
