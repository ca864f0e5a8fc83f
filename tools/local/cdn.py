"""The CDN's and the gateway's roles on this machine, at one origin: pages from the bucket, the rest from the app."""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError
from chalice.local import LocalChalice
from werkzeug.wrappers import Request, Response

from chalicelib.web.edge import RoutedApp
from chalicelib.web.requests import is_encoded
from chalicelib.web.responses import HTML, SECURITY_HEADERS
from operations.pages.bucket import StoredObject
from tools.local.franceconnect import other_name
from tools.local.functions import HANDLERS

LAMBDA_PATHS = (
    "/extranet/compte",
    "/extranet/pre-inscription",
    "/extranet/bureau",
    "/extranet/enseignant",
)  # and paths below
CALENDARS = ("/extranet/compte/agenda/", "/extranet/enseignant/agenda/")  # paths below
CHANGE_PASSWORD = ("/.well-known/change-password", "/extranet/compte/mot-de-passe")  # request and target (W3C)
_SAFE = frozenset({"GET", "HEAD"})
_METHODS = _SAFE | {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # the methods that CloudFront forwards
_OURS = ("x-clef", "cloudfront", "authorization")  # headers that the CDN sets or removes
_NAMED = ("/extranet", "/.well-known/", "/_local/courrier", "/_local/payfip")  # answers with our addresses
_TEXTS = frozenset({"text/html", "text/plain", "text/calendar", "application/json"})
_TOO_LARGE = 10_000_000  # bytes: API Gateway's own limit

LocalPages = Callable[[Request], Response | None]


@dataclass(frozen=True)
class Bucket:
    """The pages' bucket."""

    s3: Any
    name: str

    def publish(self, objects: Iterable[StoredObject]) -> None:
        """Store the pages with their headers."""
        for page in objects:
            self.s3.put_object(
                Bucket=self.name,
                Key=page.key,
                Body=page.body,
                ContentType=page.content_type,
                CacheControl=page.cache_control,
            )

    def serve(self, key: str, status: int = 200) -> Response | None:
        """Serve the object of a key with its headers. None if it does not exist."""
        try:
            answer = self.s3.get_object(Bucket=self.name, Key=key)
        except ClientError:
            return None
        cache = answer["CacheControl"] if status == 200 else "no-store"  # noqa: PLR2004 - HTTP's own number
        headers = {**SECURITY_HEADERS, "Content-Type": answer["ContentType"], "Cache-Control": cache}
        return Response(answer["Body"].read(), status, headers)


class LocalCdn:
    """A WSGI application. `local_pages` serves `/_local/`, which no deployment has."""

    def __init__(
        self, app: RoutedApp, bucket: Bucket, public_url: str, cdn_secret: str, local_pages: LocalPages
    ) -> None:
        # As in `chalice local`: the current request becomes thread-local.
        app.__class__ = type("LocalApp", (LocalChalice, RoutedApp), {})
        self._app = app
        self._bucket = bucket
        self._public_url = public_url
        self._cdn_secret = cdn_secret
        self._local_pages = local_pages

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        return self._under_its_name(request, self._answer(request))(environ, start_response)

    def _under_its_name(self, request: Request, answer: Response) -> Response:
        """Write the browser's own name of this machine into the addresses of an answer and of mails shown.

        So passkeys, which know no IP address, FranceConnect's way back and the links of mails work under one name.
        """
        name = other_name(self._public_url)
        if f"http://{request.host}" == name and request.path.startswith(_NAMED):
            for our_url, their_url in ((self._public_url, name), (quote(self._public_url, ""), quote(name, ""))):
                for header in {"Location", "Refresh"} & {*answer.headers.keys()}:
                    answer.headers[header] = answer.headers[header].replace(our_url, their_url)
                if answer.mimetype in _TEXTS:
                    answer.set_data(answer.get_data().replace(our_url.encode(), their_url.encode()))
        return answer

    def _answer(self, request: Request) -> Response:
        path = request.path
        if not is_encoded(request.environ.get("REQUEST_URI", "").encode()):
            return self._error(400)
        if answer := self._local_pages(request):
            return answer
        if request.method in _SAFE and (redirection := self._redirection(path)):
            return redirection
        is_calendar = "calendars" in HANDLERS and path.startswith(CALENDARS)
        is_ours = not is_calendar and f"{path}/".startswith(tuple(f"{ours}/" for ours in LAMBDA_PATHS))
        if request.method not in (_METHODS if is_ours else _SAFE):
            return self._error(405)
        if is_ours or is_calendar:
            return self._poll(request) if is_calendar else self._through_gateway(request)
        return self._bucket.serve(path.removeprefix("/")) or self._error(404)

    def _redirection(self, path: str) -> Response | None:
        if path == CHANGE_PASSWORD[0]:
            headers = {**SECURITY_HEADERS, "Location": CHANGE_PASSWORD[1], "Cache-Control": "no-store"}
            return Response(status=303, headers=headers, content_type=HTML)
        if not path.endswith("/"):
            return None
        # An absolute, quoted address: « //elsewhere », « /\\elsewhere » and line ends stay in the path.
        location = self._public_url + quote("/" + path.strip("/") if path.strip("/") else "/extranet")
        return Response(status=301, headers={**SECURITY_HEADERS, "Location": location}, content_type=HTML)

    def _through_gateway(self, request: Request) -> Response:
        if (request.content_length or 0) > _TOO_LARGE:
            return self._error(413)
        headers = {name.lower(): value for name, value in request.headers if not name.lower().startswith(_OURS)}
        headers["x-clef-cdn"] = self._cdn_secret
        headers["cloudfront-viewer-address"] = f"{request.remote_addr}:{request.environ.get('REMOTE_PORT', 0)}"
        event = {
            "path": request.environ["REQUEST_URI"].partition("?")[0].rstrip("/"),
            "requestContext": {"httpMethod": request.method},
            "headers": headers,
            "multiValueQueryStringParameters": request.args.to_dict(flat=False) or None,
            "stageVariables": None,
            "body": request.get_data(),
        }
        answer = self._app(event, None)
        return Response(answer["body"] or b"", answer["statusCode"], _flat(answer))

    def _poll(self, request: Request) -> Response:
        """Call the calendars' function by its URL, and replace a 404 by its page as the CDN does."""
        event = {
            "rawPath": request.path,
            "headers": {"accept-encoding": request.headers.get("Accept-Encoding", "")},
            "requestContext": {"requestId": "local"},
        }
        answer = HANDLERS["calendars"](event, None)
        if answer["statusCode"] == 404:  # noqa: PLR2004 - HTTP's own number
            return self._error(404)
        body = b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"]
        return Response(body, answer["statusCode"], {**SECURITY_HEADERS, **answer["headers"]})

    def _error(self, status: int) -> Response:
        return self._bucket.serve(f"extranet/erreurs/{status}", status) or Response(status=status)


def _flat(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    headers = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
    return [*answer["headers"].items(), *headers]
