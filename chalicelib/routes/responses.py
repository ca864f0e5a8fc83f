"""Answers: pages, redirects and errors, with the headers that every answer of the Lambda carries."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.account.devices import LIFETIME
from chalicelib.domain.account.sessions import Token
from chalicelib.flows.visit import Visitor
from chalicelib.rendering import environment
from chalicelib.routes.proof import proof
from chalicelib.services import Services
from chalicelib.texts import ERRORS
from chalicelib.values import frozen

# The same for the static pages, which get them from the CDN (OWASP ASVS 5.0, 3.4).
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


@frozen
class FormFeedback:
    """How a form is shown: at first as it is, then with what was refused."""

    status: int = 200
    alert: str | None = None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)


NO_FEEDBACK: Final = FormFeedback()
HTML: Final = "text/html; charset=utf-8"


def also_posting_to(origin: str) -> dict[str, str]:
    """Build the header by which a page's forms may be sent to another origin too; all else is as on every page."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    return {"Content-Security-Policy": policy.replace("form-action 'self'", f"form-action 'self' {origin}")}


def page(
    services: Services,
    name: str,
    *,
    feedback: FormFeedback = NO_FEEDBACK,
    information: str | None = None,
    **facts: object,
) -> Response:
    """Render `templates/pages/NAME.html`, with what a form has to say; no cache keeps what the Lambda renders."""
    template = environment().get_template(f"pages/{name}.html")
    body = template.render(facts, network=services.settings.network, feedback=feedback, information=information)
    return Response(body, _headers(feedback.headers), feedback.status)


def error(services: Services, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Render the error page of a status."""
    title, advice = ERRORS[status]
    return page(services, "error", feedback=FormFeedback(status, headers=headers or {}), title=title, advice=advice)


def account_page(services: Services, visitor: Visitor, name: str, tab: str, **facts: Any) -> Response:  # noqa: ANN401
    """Render a page behind login: with its tabs, the proof that its forms carry, and what `page` takes besides."""
    return page(
        services, name, visitor=visitor, tab=tab, proof=proof(services, visitor.login.ref, visitor.token), **facts
    )


def redirect(
    services: Services, path: str, *, token: Token | None = None, devices: str = "", forget: bool = False
) -> Response:
    """Send to one of our own pages, with a new session's cookie, or without any more; or to an address we signed."""
    headers = cookies(services, token, devices) if token or forget else {}
    return Response("", _headers({"Location": path, **headers}), 303)


def cookie_name(services: Services) -> str:
    """Name the cookie: `__Host-` binds it to this host and to TLS, where there is TLS (RFC 6265bis, 4.1.3.2)."""
    return "__Host-clef" if services.settings.network.is_https else "clef"


def devices_cookie_name(services: Services) -> str:
    """Name the cookie by which accounts know a browser (`domain/account/devices.py`)."""
    return f"{cookie_name(services)}-appareil"


def cookies(services: Services, token: Token | None, devices: str = "") -> dict[str, str | list[str]]:
    """Build the header that makes a browser keep a session's token, or forget it; and the one that makes it known."""
    secure = "; Secure" if services.settings.network.is_https else ""
    ended = "" if token else "; Max-Age=0"
    rest = f"; Path=/; HttpOnly; SameSite=Lax{secure}"
    session = f"{cookie_name(services)}={token.cookie if token else ''}{rest}{ended}"
    if not devices:
        return {"Set-Cookie": session}
    year = int(LIFETIME.total_seconds())
    return {"Set-Cookie": [session, f"{devices_cookie_name(services)}={devices}{rest}; Max-Age={year}"]}


def _headers(more: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    return {**SECURITY_HEADERS, "Cache-Control": "no-store", "Content-Type": HTML, **more}
