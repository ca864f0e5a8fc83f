"""Reads a request with suspicion: whether it came through the CDN, its client, its referring page, its form."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from chalice.app import MultiDict, Request

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.browsers import browser_of
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.record import Event
from chalicelib.services.family import Services, Visit
from chalicelib.settings.wings import tabs


def pseudonym(services: Services, account: AccountRef) -> str:
    """Name an account in a form by its pseudonym."""
    return services.record.pseudonyms.of(account.site, account.identifier)


def proof(services: Services, account: AccountRef, token: Token) -> str:
    """Make the proof that the forms of an account carry in one session."""
    return f"{pseudonym(services, account)}.{token.form_proof}"


def parts_of(text: str) -> tuple[str, str]:
    """Split a proof into the account's pseudonym and the session's proof. Either may be empty."""
    whose, _, session = text.rpartition(".")
    return whose, session


BODY_BYTES = 16_384
PART = "[A-Za-z0-9_-]{1,64}"  # a `{name}` in our own addresses
# A sealed link, and a family's identifier on the desk: up to 64 characters of four bytes each.
LONG_PARTS = {"lien": "[A-Za-z0-9_-]{1,512}", "famille": "[A-Za-z0-9_-]{1,400}"}
FIELDS = 64  # a pupil with ten courses of five fields each, carried through a login
_FORM = "application/x-www-form-urlencoded"
_UNENCODED = re.compile(rb"%(?![0-9A-Fa-f]{2})")  # a percent sign that encodes nothing: no browser sends one


class HttpRefusal(Exception):
    """The request itself is refused before anything is read: a status, and a code of the reason for the record."""

    def __init__(
        self, status: int, why: str, event: Event = "request_refused", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.event = event
        self.headers = dict(headers or {})


def check_cdn(headers: Mapping[str, str], visit: Visit[Services]) -> None:
    """Refuse a request without the CDN's secret (one of two, while it is rotated) or without a client address."""
    digest = hashlib.sha256(headers.get("x-clef-cdn", "").encode()).hexdigest()
    is_known = any(hmac.compare_digest(digest, secret) for secret in visit.services.settings.cdn_secret_digests)
    if not is_known or not visit.client.address:
        raise HttpRefusal(403, "cdn", "not_through_cdn")


def request_id(request: Request) -> str:
    """Read the request id of AWS, or make one of our own."""
    return getattr(request.lambda_context, "aws_request_id", None) or secrets.token_hex(16)


def address(request: Request) -> str:
    """Read the client's address from the CDN (`ip:port`). An IPv6 one becomes its /64, a household. Else empty."""
    return household_of(request.headers.get("cloudfront-viewer-address", "").rpartition(":")[0].strip("[]"))


def household_of(text: str) -> str:
    """Reduce an IPv6 address to its /64, a household. Empty if it is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 4:  # noqa: PLR2004 - the version of the Internet protocol
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def browser(request: Request) -> str:
    """Name the kind of the browser, as it says itself."""
    return browser_of(request.headers.get("user-agent", ""))


def comes_from_us(headers: Mapping[str, str], services: Services) -> bool:
    """Check whether the browser proves that a page of ours sent it (design §6). False without any of the three headers.

    A very old browser sends none of them. Raises `HttpRefusal` if they name another site.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise HttpRefusal(403, "cross_site", "cross_site_refused")
        return True
    source = headers.get("origin")
    if source is None and "referer" in headers:
        source = _origin_of(headers["referer"])
    if source is not None and source not in services.settings.network.origins:
        raise HttpRefusal(403, "cross_site", "cross_site_refused")
    return source is not None


def page_before(headers: Mapping[str, str], services: Services) -> SplitResult:
    """Read the address of the referring page of ours. Empty if the browser sends none. It proves nothing."""
    source = headers.get("referer", "")
    return urlsplit(source if _origin_of(source) in services.settings.network.origins else "")


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def cookie(cookies: str, name: str) -> str:
    """Find a cookie. Empty if it was not sent."""
    pairs = (pair.strip().partition("=") for pair in cookies.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def form(request: Request, limit: int = FIELDS) -> dict[str, str]:
    """Read a form of at most `limit` fields. Raises `HttpRefusal` for one that no browser sends."""
    raw = _body(request.to_original_event())
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != _FORM and (kind or raw):
        raise HttpRefusal(415, "content_type")
    if len(raw) > BODY_BYTES:
        raise HttpRefusal(413, "too_large")
    if not is_encoded(raw):
        raise HttpRefusal(400, "percent_encoding")
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=limit)
    except ValueError:
        raise HttpRefusal(400, "not_a_form") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise HttpRefusal(400, "repeated_field")
    if any(_is_no_typing(character) for value in form.values() for character in value):
        raise HttpRefusal(400, "control_character")
    return form


def is_encoded(body: bytes) -> bool:
    """Check whether each percent sign of a form or a raw address encodes something (RFC 3986, 2.1)."""
    return not _UNENCODED.search(body)


def _is_no_typing(character: str) -> bool:
    """Recognise a control character, or U+FFFD, by which API Gateway replaces bytes that are not UTF-8."""
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


LIFETIME: Final = timedelta(minutes=30)  # time to find a password, or to have a new one mailed
_ACCOUNT: Final = "/extranet/compte/"
# A PDF or calendar leads to its page: a download alone would leave its reader on the login form.
_LISTED: Final = (
    f"(?a){_ACCOUNT}(?P<page>eleves(?:/{PART}(?:/(?:appreciations|agenda))?)?|{tabs(_ACCOUNT)}mot-de-passe|acces|famille(?:/e-mail(?:/code)?)?|reinscription"
    f"(?:/(?:rien-ne-change|foyer|pieces|recapitulatif|eleves/{PART}|recus/{PART}))?)(?:/(?:pdf|agenda))?"
)


def query(request: Request) -> dict[str, str]:
    """Read the query. Raises `NotThere` for an address that repeats a parameter."""
    params = request.query_params or MultiDict({})
    if any(len(params.getlist(name)) > 1 for name in params):
        raise NotThere
    return dict(params)


def target_of(path: str) -> str:
    """Name the page of a path, as the cookie holds it. Empty for one that is not listed."""
    match = re.fullmatch(_LISTED, path)
    return match["page"] if match else ""


def target_path(cookie: str) -> str:
    """Read the path that a cookie names. Empty without one, or if it is forged."""
    page = target_of(_ACCOUNT + cookie)
    return _ACCOUNT + page if page else ""
