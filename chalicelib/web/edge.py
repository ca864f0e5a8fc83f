"""The edge: parses an event into a trusted `PageRequest`, and turns every failure into a page in French.

A kind of visitor is a value, which `FormBlueprint` takes: `FAMILY`, `APPLICANT`, `STAFF` or `TEACHER`, each declared
beside its pages.
"""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, ParamSpec, Protocol

from chalice.app import Blueprint, Chalice, Request

from chalicelib import wiring
from chalicelib.domain import fields
from chalicelib.domain.account.devices import LIFETIME
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, NotThere, Refusal, Unavailable
from chalicelib.services.family import Client, S_co, Services, Visit
from chalicelib.values import frozen
from chalicelib.web import requests, responses
from chalicelib.web.requests import HttpRefusal, parts_of
from chalicelib.web.responses import DEVICES, Cookie, Response

_SAFE = frozenset({"GET", "HEAD"})
# Every method is routed here, so that a wrong one gets a page of ours: API Gateway alone would answer 403 in English.
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# The characters of our own addresses. Any other, encoded too, matches nothing.
_PART = re.compile(requests.PART, re.ASCII)
_LONG_PARTS = {name: re.compile(part, re.ASCII) for name, part in requests.LONG_PARTS.items()}


class AnotherAccount(Refusal):
    """The form comes from a page of another account in this browser. Nothing is saved."""

    code = "another_account"


@frozen
class PageRequest(Visit[S_co]):
    """One request, parsed: a `Visit` with its form, and the `{parts}` of its address."""

    token: Token | None
    form: Mapping[str, str] = field(repr=False)
    is_unsafe: bool
    is_proven: bool  # the browser proved that a page of ours sent it
    parts: Mapping[str, str] = field(default_factory=dict)
    cookie: str = field(default="", repr=False)  # of its kind of visitor
    came_from: str = ""  # path of the referring page, empty if the browser sends none

    def field(self, name: str) -> str:
        """Read a field, cleaned as `domain/fields.py` declares it. Empty if it was not sent.

        Every form is read here. Raises `KeyError` for an undeclared field, `HttpRefusal` for a value that none has.
        """
        choices = fields.of(name).choices
        return self.choice(name, *choices) if choices else self._cleaned(name)

    def choice(self, name: str, *choices: str) -> str:
        """Read one of a form's closed choices. Raises `HttpRefusal` for any other: no page of ours sends it."""
        if (value := self._cleaned(name)) not in choices:
            raise HttpRefusal(400, "unknown_choice")
        return value

    def _cleaned(self, name: str) -> str:
        return fields.clean(name, self.form.get(name, ""))

    def check_lengths(self) -> None:
        """Refuse a form with a field longer than `domain/fields.py` allows. Raises `FieldsRefused`."""
        if names := fields.too_long(self.form):
            raise FieldsRefused(dict.fromkeys(names, ("words_too_long",)), longest=names)

    def check_form_proof(self) -> None:
        """Refuse a post from behind login that is proven neither by a header nor by its form's proof."""
        if not self.is_unsafe or self.is_proven or self.token is None:
            return
        _, session = parts_of(self.field("jeton"))
        if not hmac.compare_digest(session.encode(), self.token.form_proof.encode()):
            raise HttpRefusal(403, "no_form_proof", "cross_site_refused")


class Door(Protocol):
    """The door of a route: it lets a visitor in before the view is called."""

    def admit(self, request: Any) -> tuple[Any, ...]:  # noqa: ANN401 - of its kind of visitor
        """Return the arguments of the view. Raises a refusal of its kind of visitor."""


@frozen
class EntryDoor:
    """A door with an entry of the page's own, whose result the view takes after the request. Open without one.

    A post must be proven by a header or its `jeton`, before anything is read.
    """

    enter: Callable[[Any], Any] | None = None

    def admit(self, request: PageRequest[Services]) -> tuple[Any, ...]:
        """Return the request, and the result of the entry."""
        if self.enter is None:
            return (request,)
        request.check_form_proof()
        return (request, self.enter(request))


def no_facts(_request: Request, _cookies: str, _visit: Visit[Services]) -> dict[str, Any]:
    """Read nothing more."""
    return {}


Declared = ParamSpec("Declared")  # the arguments of a door, which each route declares
View = Callable[..., Response]  # takes the values that its door returns


@frozen
class VisitorKind(Generic[Declared]):
    """A kind of visitor: its cookies, its requests, the doors of its routes, and its pages of a refusal."""

    services: type[Services]
    request: type[PageRequest[Services]]
    door: Callable[Declared, Door]
    refusals: tuple[type[Exception], ...]  # that a door or view raises, and `refuse` answers
    refuse: Callable[[Any, str, Any], Response]  # takes the request, its path and the refusal, which it may raise
    token_from: Callable[[str], Token | None]  # reads the cookie
    cookie: str = ""  # the ending of its cookie's name
    more_facts: Callable[[Request, str, Visit[Services]], dict[str, Any]] = no_facts  # of other cookies and the query
    most_fields: int = requests.FIELDS
    error_page: str = "family/error"

    def cookie_name(self, services: Services) -> str:
        """Name the cookie of this kind of visitor: bound to this host and to TLS where there is TLS."""
        return f"{responses.cookie_name(services)}{self.cookie}"

    def cookies(self, value: str | None, devices: str = "") -> list[Cookie]:
        """Make the cookie of a session, and the one that makes the browser known. `value` None: keep the current one.

        The first lasts until the browser closes. An empty one is deleted.
        """
        session_cookies = [] if value is None else [Cookie(self.cookie, value)]
        return session_cookies + ([Cookie(f"{self.cookie}{DEVICES}", devices, LIFETIME)] if devices else [])

    def redirect(
        self, services: Services, path: str, value: str | None = None, devices: str = "", *more: Cookie
    ) -> Response:
        """Redirect to a page of ours, with the cookies that `cookies` makes, and more."""
        return responses.redirect(services, path, *self.cookies(value, devices), *more)

    def read(self, request: Request, visit: Visit[Services]) -> PageRequest[Services]:
        """Parse a request. Raises `HttpRefusal`, and the errors of `more_facts`."""
        headers, services = request.headers, visit.services
        cookies, is_unsafe = headers.get("cookie", ""), request.method not in _SAFE
        cookie = requests.cookie(cookies, self.cookie_name(services))
        facts = {
            **vars(visit),
            "token": self.token_from(cookie),
            "cookie": cookie,
            **self.more_facts(request, cookies, visit),
            "is_unsafe": is_unsafe,
            "is_proven": is_unsafe and requests.comes_from_us(headers, services),
            "form": requests.form(request, self.most_fields) if is_unsafe else {},
            "parts": request.uri_params or {},
            "came_from": requests.page_before(headers, services).path,
        }
        return self.request(**facts)


class RoutedApp(Chalice):
    """A Chalice app that finds the route of a path: one resource of the gateway has all paths of a visitor.

    A path is read as sent: `%63onnexion` would else escape the throttle of `connexion` (docs/decisions/0140).
    """

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
        """Answer a request. A path without a route has no page, by any method."""
        path, services = event["path"].split("/"), wiring.services(Services)
        routes = sorted(self.routes)  # at each place the literal parts first
        route = next((route for route in routes if _fits(route.split("/"), path)), "")
        if context:  # the gateway's log has the request too, but its own resource for the route
            services.record.write("routed", services.clock(), context.aws_request_id, path=route)
        if not route:
            answer: dict[str, Any] = responses.error(services, 404).to_dict()
            return answer
        parts = {name[1:-1]: part for name, part in zip(route.split("/"), path, strict=True) if name.startswith("{")}
        in_context = event["requestContext"] | {"resourcePath": route}
        return super().__call__(event | {"pathParameters": parts, "requestContext": in_context}, context)


def _fits(names: Sequence[str], path: Sequence[str]) -> bool:
    return len(names) == len(path) and all(map(lambda name, part: name == part or name[:1] == "{", names, path))


class FormBlueprint(Blueprint, Generic[Declared]):
    """A Chalice blueprint for a kind of visitor. Its views take a `PageRequest`, and its refusals become pages.

    Each route declares its door. The visitor is let in before the view is called.
    """

    def __init__(self, import_name: str, kind: VisitorKind[Declared]) -> None:
        super().__init__(import_name)
        self.kind = kind
        self.doors: dict[tuple[str, str], Door] = {}  # by method and path
        self.views: dict[str, dict[str, tuple[Door, View]]] = {}  # by path, then by method

    def get(self, path: str, *args: Declared.args, **kwargs: Declared.kwargs) -> Callable[[View], View]:
        """Serve a page at a path. Each `{name}` in it matches one part, given in `PageRequest.parts`."""
        return self._serve(path, self.kind.door(*args, **kwargs), "GET", "HEAD")

    def post(self, path: str, *args: Declared.args, **kwargs: Declared.kwargs) -> Callable[[View], View]:
        """Take a form at a path."""
        return self._serve(path, self.kind.door(*args, **kwargs), "POST")

    def _serve(self, path: str, door: Door, *methods: str) -> Callable[[View], View]:
        self.doors[methods[0], path] = door

        def add(view: View) -> View:
            if path not in self.views:
                self.views[path] = {}
                name = re.sub(r"[^a-z]+", "_", path).strip("_")
                self.route(path, methods=_METHODS, name=name, content_types=["*/*"])(
                    lambda **_parts: self._respond(path)
                )
            self.views[path] |= dict.fromkeys(methods, (door, view))
            return view

        return add

    def _respond(self, path: str) -> Response:
        request = self.current_request
        services = wiring.services(self.kind.services)
        client = Client(requests.address(request), requests.request_id(request), browser=requests.browser(request))
        visit = Visit(services, client, services.clock())
        try:
            return self._dispatch(self.views[path], request, visit)
        except HttpRefusal as refusal:
            visit.record(refusal.event, address=client.address, status=refusal.status, why=refusal.why, path=path)
            return responses.error(services, refusal.status, refusal.headers, self.kind.error_page)
        except NotThere:
            return responses.error(services, 404, page_name=self.kind.error_page)
        except Unavailable as error:
            visit.record("unavailable", what=str(error), path=path)
            return responses.error(services, 503, {"Retry-After": "60"}, self.kind.error_page)
        except Exception as error:  # noqa: BLE001 - a visitor gets a page for every error
            visit.record("error", what=_where(error), path=path)
            return responses.error(services, 500, page_name=self.kind.error_page)

    def _dispatch(self, views: Mapping[str, tuple[Door, View]], request: Request, visit: Visit[Services]) -> Response:
        requests.check_cdn(request.headers, visit)
        if request.method not in views:
            raise HttpRefusal(405, "method", headers={"Allow": ", ".join(sorted(views))})
        parts = request.uri_params or {}
        if not all(_LONG_PARTS.get(name, _PART).fullmatch(part) for name, part in parts.items()):
            raise NotThere
        door, view = views[request.method]
        page_request = self.kind.read(request, visit)
        try:
            page_request, *context = door.admit(page_request)
            return view(page_request, *context)
        except self.kind.refusals as refusal:
            return self.kind.refuse(page_request, request.path.format(**parts), refusal)


def _where(error: Exception) -> str:
    """Describe an error by its type and place, without its message, which may repeat input."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}" if frame else "?"
    return f"{type(error).__name__} at {place}"
