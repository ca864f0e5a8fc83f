"""The edge: turns an event into a `Visit` that can be trusted, and whatever happens then into a page in French."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalice.app import Blueprint, Request, Response

from chalicelib import wiring
from chalicelib.domain.refusals import MustChange, NotLoggedIn, Unavailable
from chalicelib.domain.sessions import Token
from chalicelib.flows.visit import Visitor, visit
from chalicelib.routes import answers
from chalicelib.services import Client, Services

LOGIN_PAGE = "/extranet/usager"
HOME_PAGE = "/extranet/compte"
CHANGE_PAGE = "/extranet/compte/mot-de-passe"

BODY_BYTES = 16_384
_FIELDS = 20
_FORM = "application/x-www-form-urlencoded"
_SAFE = frozenset({"GET", "HEAD"})
# Every method comes here, so that a wrong one gets a page of ours: API Gateway alone would answer 403 in English.
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class HttpRefusal(Exception):
    """The request itself is refused, before anything is looked at: a status, and the code of why for the record."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Visit:
    """One request, parsed: its form, its token, who asks, and the one `now` it lives in."""

    services: Services
    client: Client
    now: datetime
    token: Token | None
    form: Mapping[str, str] = field(repr=False)
    is_unsafe: bool
    is_proven: bool  # the browser said that it comes from a page of ours

    def typed(self, name: str) -> str:
        """Give what was typed in a field; empty when it was not sent."""
        return self.form.get(name, "")

    def enter(self, *, to_change_password: bool = False) -> Visitor:
        """Let in who is logged in; a post that no header vouches for must carry its session's own proof."""
        visitor = visit(self.services, self.token, self.client, self.now, to_change_password=to_change_password)
        self.check_form_proof()
        return visitor

    def check_form_proof(self) -> None:
        """Refuse a post from behind login that neither a header nor the form's proof vouches for."""
        if not self.is_unsafe or self.is_proven or self.token is None:
            return
        if not hmac.compare_digest(self.typed("jeton").encode(), self.token.form_proof.encode()):
            raise HttpRefusal(403, "no_form_proof")


View = Callable[[Visit], Response]


class Door(Blueprint):
    """A Chalice blueprint whose views take a `Visit` and whose refusals become pages."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self._views: dict[str, dict[str, View]] = {}

    def get(self, path: str) -> Callable[[View], View]:
        """Serve a page at a path."""
        return self._serve(path, "GET", "HEAD")

    def post(self, path: str) -> Callable[[View], View]:
        """Take a form at a path."""
        return self._serve(path, "POST")

    def _serve(self, path: str, *methods: str) -> Callable[[View], View]:
        def add(view: View) -> View:
            if path not in self._views:
                self._views[path] = {}
                name = path.strip("/").replace("/", "_").replace("-", "_")
                self.route(path, methods=_METHODS, name=name, content_types=["*/*"])(lambda: self._answer(path))
            self._views[path] |= dict.fromkeys(methods, view)
            return view

        return add

    def _answer(self, path: str) -> Response:
        request = self.current_request
        services = wiring.services()
        now = services.clock()
        client = Client(_address(request), getattr(request.lambda_context, "aws_request_id", "-"))
        try:
            return _dispatch(self._views[path], request, services, client, now)
        except HttpRefusal as refusal:
            event = {"not_through_cdn": "not_through_cdn", "cross_site": "cross_site_refused"}.get(refusal.why)
            services.record.write(
                event or "request_refused",  # type: ignore[arg-type]  # both are events
                now,
                client.request,
                address=client.address,
                status=refusal.status,
                why=refusal.why,
                path=path,
            )
            return answers.error(services, refusal.status, refusal.headers)
        except NotLoggedIn:
            return answers.redirect(services, LOGIN_PAGE, forget=True)
        except MustChange:
            return answers.redirect(services, CHANGE_PAGE)
        except Unavailable as error:
            services.record.write("unavailable", now, client.request, what=str(error), path=path)
            return answers.error(services, 503, {"Retry-After": "60"})
        except Exception as error:  # noqa: BLE001 - whatever happens, a family gets a page
            services.record.write("error", now, client.request, what=_where(error), path=path)
            return answers.error(services, 500)


def _dispatch(
    views: Mapping[str, View], request: Request, services: Services, client: Client, now: datetime
) -> Response:
    headers = request.headers
    if not _came_through_cdn(headers, services):
        raise HttpRefusal(403, "not_through_cdn")
    if request.method not in views:
        raise HttpRefusal(405, "method", {"Allow": ", ".join(sorted(views))})
    is_unsafe = request.method not in _SAFE
    return views[request.method](
        Visit(
            services=services,
            client=client,
            now=now,
            token=_token(headers.get("cookie", ""), answers.cookie_name(services)),
            is_unsafe=is_unsafe,
            is_proven=is_unsafe and _comes_from_us(headers, services),
            form=_form(request) if is_unsafe else {},
        )
    )


def _came_through_cdn(headers: Mapping[str, str], services: Services) -> bool:
    """Compare the CDN's secret with the digests we know: two of them while it is being rotated."""
    shown = hashlib.sha256(headers.get("x-clef-cdn", "").encode()).hexdigest()
    return any(hmac.compare_digest(shown, known) for known in services.settings.cdn_secret_digests)


def _address(request: Request) -> str:
    """Give the client's address as the CDN tells it (`ip:port`), an IPv6 one by its /64: that is one household."""
    viewer = request.headers.get("cloudfront-viewer-address", "")
    try:
        address = ipaddress.ip_address(viewer.rpartition(":")[0].strip("[]"))
    except ValueError:
        return "unknown"
    if address.version == 4:  # noqa: PLR2004 - the version of the Internet protocol
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def _comes_from_us(headers: Mapping[str, str], services: Services) -> bool:
    """Tell whether the browser vouches for one of our pages (design §6); raise `HttpRefusal` if it names another site.

    Without any of the three headers (a very old browser) nothing is known: False.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise HttpRefusal(403, "cross_site")
        return True
    source = headers.get("origin")
    if source is None and "referer" in headers:
        source = _origin_of(headers["referer"])
    if source is not None and source not in services.settings.network.origins:
        raise HttpRefusal(403, "cross_site")
    return source is not None


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _token(cookies: str, name: str) -> Token | None:
    for pair in cookies.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return Token.parse(value)
    return None


def _form(request: Request) -> dict[str, str]:
    """Read a form's fields; raise `HttpRefusal` for what no browser sends."""
    raw = _body(request.to_original_event())
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != _FORM and (kind or raw):
        raise HttpRefusal(415, "content_type")
    if len(raw) > BODY_BYTES:
        raise HttpRefusal(413, "too_large")
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError:
        raise HttpRefusal(400, "not_a_form") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise HttpRefusal(400, "repeated_field")
    if any(_is_no_typing(character) for value in form.values() for character in value):
        raise HttpRefusal(400, "control_character")
    return form


def _is_no_typing(character: str) -> bool:
    """Tell a control character, or U+FFFD: what API Gateway makes of bytes that are not UTF-8."""
    return character == "\N{REPLACEMENT CHARACTER}" or (
        unicodedata.category(character) == "Cc" and character not in "\t\r\n"
    )


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or b""
    if len(body) > 2 * BODY_BYTES:
        raise HttpRefusal(413, "too_large")
    try:
        if event.get("isBase64Encoded"):
            return base64.b64decode(body, validate=True)
        return body if isinstance(body, bytes) else str(body).encode()
    except (binascii.Error, ValueError):
        raise HttpRefusal(400, "not_a_form") from None


def _where(error: Exception) -> str:
    """Say which error and where, without its words: they may repeat what somebody typed."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}" if frame else "?"
    return f"{type(error).__name__} at {place}"
