"""Signed forms and links that moto does not check: S3's refusals of a form, a link and an unsigned request.

A form is refused for its policy, signature, size or expiry (AWS, « Browser-Based Uploads Using POST »), a link for its
signature or expiry. botocore computes the signatures again, with this machine's secret.
"""

import hmac
import io
import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, quote

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.wrappers import Request

from tools.local.franceconnect import other_name
from tools.local.ses import Wsgi

KEY_ID = SECRET = "local"  # noqa: S105 - valid on this machine only
_REFUSED: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code></Error>'
_UNSIGNED: Final = frozenset({"policy", "x-amz-signature"})  # form fields that need no condition
_SCOPE: Final = 5  # parts of a credential: key, day, region, service, « aws4_request »


class S3Refusal(Exception):
    """A request that S3 refuses: its status and code."""

    def __init__(self, code: str, status: str = "403 Forbidden") -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class UploadPolicy:
    """Runs before moto, and refuses as S3 does: in XML, in English."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request. Those with an `Authorization` header come from our own clients."""
        if "HTTP_AUTHORIZATION" in environ:
            return self._app(environ, start_response)
        try:
            return self._app(_checked(environ), start_response)
        except S3Refusal as refusal:
            start_response(refusal.status, [("Content-Type", "application/xml")])
            return [_REFUSED.format(refusal.code).encode()]


def _checked(environ: dict[str, Any]) -> dict[str, Any]:
    """Return a request whose form or link was signed here. Raises `S3Refusal`."""
    if environ["REQUEST_METHOD"] == "POST" and environ.get("CONTENT_TYPE", "").startswith("multipart/form-data"):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with Request({**environ, "wsgi.input": io.BytesIO(body)}) as request:
            _check_form(request)
        return {**environ, "wsgi.input": io.BytesIO(body)}
    _check_link(environ)
    return environ


def _check_link(environ: dict[str, Any]) -> None:
    query = environ.get("QUERY_STRING", "")
    parameters = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    signed_part, _, signature = query.partition("&X-Amz-Signature=")
    if not signature:
        raise S3Refusal("AccessDenied")
    path = environ.get("REQUEST_URI") or quote(environ["PATH_INFO"])
    url = f"http://{environ['HTTP_HOST']}{path.partition('?')[0]}?{signed_part}"
    request = AWSRequest(environ["REQUEST_METHOD"], url)
    signer = _signer(parameters.get("X-Amz-Credential", ""), request, parameters.get("X-Amz-Date", ""))
    text = signer.string_to_sign(request, signer.canonical_request(request))
    _check_same(signer.signature(text, request), signature)
    signed_at = datetime.strptime(parameters["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if signed_at + timedelta(seconds=int(parameters["X-Amz-Expires"])) <= datetime.now(UTC):
        raise S3Refusal("AccessDenied")


def _check_form(request: Request) -> None:
    pairs = [(name.lower(), value) for name, value in request.form.items(multi=True)]
    fields = dict(pairs)
    if "policy" not in fields or len(fields) != len(pairs):
        raise S3Refusal("AccessDenied")
    request_made = AWSRequest("POST", request.url)
    signer = _signer(fields.get("x-amz-credential", ""), request_made, fields.get("x-amz-date", ""))
    _check_same(signer.signature(fields["policy"], request_made), fields.get("x-amz-signature", ""))
    policy = json.loads(b64decode(fields["policy"]))
    if datetime.fromisoformat(policy["expiration"]) <= datetime.now(UTC):
        raise S3Refusal("AccessDenied")
    file = request.files.get("file")
    fields_sent = {**fields, "bucket": request.path.strip("/"), "content-length": str(len(file.read()) if file else 0)}
    allowed_fields = {"bucket", "content-length"} | {
        _check_condition(*condition, fields_sent) for condition in _conditions(policy)
    }
    if any(name not in allowed_fields | _UNSIGNED and not name.startswith("x-ignore-") for name in fields_sent):
        raise S3Refusal("AccessDenied")


def _conditions(policy: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """List the conditions of a policy in one form: operation, field or least size, value or greatest size."""
    for condition in policy["conditions"]:
        if isinstance(condition, dict):
            yield from (("eq", name, value) for name, value in condition.items())
        else:
            operation, first, second = condition
            yield operation, first, second


def _check_condition(operation: str, first: Any, second: Any, fields_sent: Mapping[str, str]) -> str:  # noqa: ANN401 - JSON
    """Check a condition, and return the field that it allows."""
    if operation == "content-length-range":
        if int(fields_sent["content-length"]) < first:
            raise S3Refusal("EntityTooSmall", "400 Bad Request")
        if int(fields_sent["content-length"]) > second:
            raise S3Refusal("EntityTooLarge", "400 Bad Request")
        return "content-length"
    name = first.removeprefix("$").lower()
    value = fields_sent.get(name, "")
    if name == "success_action_redirect":  # the page has the browser's own name of this machine in it
        value, second = other_name(value), other_name(second)
    if not (value.startswith(second) if operation == "starts-with" else value == second):
        raise S3Refusal("AccessDenied")
    return str(name)


def _signer(credential: str, request: AWSRequest, moment: str) -> S3SigV4QueryAuth:
    """Make the signer for a credential's region and a request's time. Raises `S3Refusal`."""
    parts = credential.split("/")
    if len(parts) != _SCOPE or parts[0] != KEY_ID:
        raise S3Refusal("InvalidAccessKeyId")
    request.context["timestamp"] = moment
    return S3SigV4QueryAuth(Credentials(KEY_ID, SECRET), "s3", parts[2])


def _check_same(expected: str, value: str) -> None:
    if not hmac.compare_digest(expected.encode(), value.encode()):
        raise S3Refusal("SignatureDoesNotMatch")
