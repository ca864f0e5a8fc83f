"""AWS behind botocore in this process: requests reach moto as function calls, without a socket."""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from botocore import session
from botocore.auth import AUTH_TYPE_MAPS, BaseSigner
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

from tools.local.aws import LocalAws


class _Raw(io.BytesIO):
    """A body with urllib3's interface."""

    def stream(self, **_options: Any) -> Iterator[bytes]:
        """Read the rest."""
        if left := self.read():
            yield left


class _Unsigned(BaseSigner):
    """Sets the service and the region like a signature, without signing."""

    REQUIRES_REGION = True

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        self._scope = f"{credentials.access_key}/20260101/{region_name}/{service_name}/aws4_request"

    def add_auth(self, request: Any) -> None:
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={self._scope}"


class InProcess:
    """Answers the requests to a local AWS of any client made in this process from now on (as moto does)."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        send: Any = self._send
        # Moto ignores signatures of DynamoDB's requests, and each costs as much as parsing its answer.
        self._handlers = [("before-send", send), ("choose-signer.dynamodb", lambda **_more: "unsigned")]
        AUTH_TYPE_MAPS["unsigned"] = _Unsigned
        for event, handler in self._handlers:
            BUILTIN_HANDLERS.append((event, handler))
            aws._session.register(event, handler)  # noqa: SLF001 - made earlier, and used for tests' clients
        self._create_loader = session.create_loader
        session.create_loader = cache(session.create_loader)  # AWS's models are read once, not by each session

    def stop(self) -> None:
        """Restore the network for clients made from now on."""
        for handler in self._handlers:
            BUILTIN_HANDLERS.remove(handler)
        session.create_loader = self._create_loader

    def _send(self, request: AWSPreparedRequest, **_more: Any) -> AWSResponse | None:
        if not request.url.startswith(self._aws.endpoint_url):
            return None
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_more: Any) -> None:
            answer.update(status=int(status[:3]), headers=dict(headers))

        body = b"".join(self._aws.app(_environ(request), start_response))
        return AWSResponse(request.url, answer["status"], answer["headers"], _Raw(body))


def _environ(request: AWSPreparedRequest) -> dict[str, Any]:
    """Convert a request to WSGI (PEP 3333)."""
    url = urlsplit(request.url)
    body = _bytes(request.body)
    headers = {name.upper().replace("-", "_"): _text(value) for name, value in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "RAW_URI": request.url.removeprefix(f"{url.scheme}://{url.netloc}"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(url.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": url.hostname,
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("CONTENT_TYPE", ""),
        "HTTP_HOST": url.netloc,
        **{f"HTTP_{name}": value for name, value in headers.items() if name not in {"CONTENT_LENGTH", "CONTENT_TYPE"}},
    }


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
