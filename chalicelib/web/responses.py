"""Answers: pages, redirects and errors, with the headers that every answer of the Lambda carries.

The feedback of a form on a refusal, its status and sentences, is made only here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalice.app import Response as Response  # noqa: PLC0414 - with the other names of an answer

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, LoginRefused, SlowedDown, StepMoved
from chalicelib.presentation import texts
from chalicelib.presentation.rendering import environment
from chalicelib.services.family import Services
from chalicelib.values import frozen
from chalicelib.web import requests

if TYPE_CHECKING:
    from chalicelib.domain.dossiers.uploads import UploadForm
    from chalicelib.web.edge import PageRequest

# The CDN adds the same to the static pages (OWASP ASVS 5.0, 3.4).
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


@frozen
class FormFeedback:
    """The state of a form: as at first, confirmed, or with its errors and the refusal that it is shown again after."""

    status: int = 200
    alert: str | None = None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)
    refusal: FormRefusal | None = field(default=None, compare=False)
    information: str | None = None


NO_FEEDBACK: Final = FormFeedback()
TARGET: Final = "-suite"  # endings of the names of cookies: the target of a link, and the browsers known to accounts
DEVICES: Final = "-appareil"
HTML: Final = "text/html; charset=utf-8"
CSV: Final = "text/csv; charset=utf-8"


def also_uploading(form: "UploadForm", path: str) -> dict[str, str]:
    """Build the headers of a page whose signed forms go to the bucket's origin and expire with the page.

    A form sent after that gets an error of S3's, in English. So the page reloads: an idle session shows the login then.
    """
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    return {
        "Content-Security-Policy": policy.replace("form-action 'self'", f"form-action 'self' {form.origin}"),
        "Refresh": f"{int(form.lifetime.total_seconds())}; url={path}",
    }


def also_showing_images_of(origins: Iterable[str]) -> dict[str, str]:
    """Build the header by which a page may show images of other origins too. The rest of the policy stays."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    return {"Content-Security-Policy": policy.replace("img-src 'self'", " ".join(("img-src 'self'", *origins)))}


def page(services: Services, name: str, *, feedback: FormFeedback = NO_FEEDBACK, **facts: object) -> Response:
    """Render `templates/NAME.html` with the feedback on its form. It is never cached."""
    template = environment().get_template(f"{name}.html")
    network, information = services.settings.network, feedback.information
    body = template.render(facts, network=network, feedback=feedback, information=information)
    return Response(body, _headers(feedback.headers), feedback.status)


def file(name: str, kind: str, body: str) -> Response:
    """Answer with a file to save, with an ASCII name. It is text, which passes gateways unchanged (decision 52)."""
    disposition = f'attachment; filename="{name}"'
    return Response(body, _headers({"Content-Type": kind, "Content-Disposition": disposition}), 200)


def error(
    services: Services, status: int, headers: Mapping[str, str] | None = None, page_name: str = "family/error"
) -> Response:
    """Render the error page of a status, of a kind of visitor."""
    title, advice = texts.ERRORS[status]
    feedback = FormFeedback(status, headers=headers or {})
    return page(services, page_name, feedback=feedback, title=title, advice=advice)


def confirmation(code: str | None) -> FormFeedback:
    """Confirm an act by the sentence of a code. Nothing without a code."""
    return FormFeedback(information=texts.sentence(code)) if code else NO_FEEDBACK


def feedback_on(refusal: FormRefusal, request: "PageRequest[Services]") -> FormFeedback:
    """Describe a refusal: 422 with its fields, 429 with its end, 401 for a login without a cause, else 422."""
    if isinstance(refusal, FieldsRefused):
        rule = request.services.settings.network.passwords
        lengths = {"shortest": rule.shortest, "longest": rule.longest}
        longest = {name: lengths | {"longest": length} for name, length in refusal.longest.items()}
        errors = {
            name: [texts.sentence(code, **longest.get(name, lengths)) for code in codes]
            for name, codes in refusal.fields.items()
        }
        return FormFeedback(422, texts.sentence(refusal.code), errors, refusal=refusal)
    if isinstance(refusal, SlowedDown):
        seconds = int((refusal.until - request.now).total_seconds())
        sentence = texts.sentence(refusal.code, until=texts.retry_at(refusal.until, request.now))
        return FormFeedback(429, sentence, headers={"Retry-After": str(seconds)}, refusal=refusal)
    status = 401 if isinstance(refusal, LoginRefused) else 422
    return FormFeedback(status, texts.sentence(refusal.code), refusal=refusal)


def name_fields(feedback: FormFeedback, names: Mapping[str, str]) -> FormFeedback:
    """Put the subject of a field into its errors, where fields are alike: a page lists them together on top."""
    errors = {
        field: [texts.about(names[field], sentence) if field in names else sentence for sentence in sentences]
        for field, sentences in feedback.errors.items()
    }
    return replace(feedback, errors=errors)


def version_after(refusal: FormRefusal, request: "PageRequest[Services]") -> str:
    """Find the version for a form shown again: of the data now stored, if the refusal has it."""
    version = refusal.version if isinstance(refusal, StepMoved) else ""
    return version or request.field("vu")


@frozen
class Cookie:
    """A cookie to set: the ending of its name, and its lifetime, None until the browser closes.

    An empty value deletes it.
    """

    ending: str
    value: str = field(repr=False)
    lifetime: timedelta | None = None

    def text(self, services: Services) -> str:
        """Write it, out of reach of scripts and other sites' forms."""
        secure = "; Secure" if services.settings.network.is_https else ""
        lifetime = self.lifetime if self.value else timedelta(0)
        until = "" if lifetime is None else f"; Max-Age={int(lifetime.total_seconds())}"
        return f"{cookie_name(services)}{self.ending}={self.value}; Path=/; HttpOnly; SameSite=Lax{secure}{until}"


def target_cookie(target: str = "") -> Cookie:
    """Have the browser remember the target of a link until a login (`web/requests.py`), or forget it."""
    return Cookie(TARGET, target, requests.LIFETIME)


def redirect(services: Services, path: str, *cookies: Cookie) -> Response:
    """Redirect to a page of ours or a signed address, with cookies to set."""
    return Response("", _headers({"Location": path, **set_cookies(services, *cookies)}), 303)


def set_cookies(services: Services, *cookies: Cookie) -> dict[str, str | list[str]]:
    """Build the header that sets cookies. None without any."""
    lines = [cookie.text(services) for cookie in cookies]
    return {"Set-Cookie": lines if len(lines) > 1 else lines[0]} if lines else {}


def cookie_name(services: Services) -> str:
    """Begin a cookie's name: `__Host-` binds it to this host and to TLS, where there is TLS (RFC 6265bis, 4.1.3.2)."""
    return "__Host-clef" if services.settings.network.is_https else "clef"


def _headers(more: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    return {**SECURITY_HEADERS, "Cache-Control": "no-store", "Content-Type": HTML, **more}
