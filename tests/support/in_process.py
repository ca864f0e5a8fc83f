"""AWS behind botocore in this process: requests reach moto as function calls, without a socket."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

from botocore import session
from botocore.auth import AUTH_TYPE_MAPS, BaseSigner
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.handlers import BUILTIN_HANDLERS
from botocore.useragent import UserAgentString

from tests.support.aws import ON_MESSAGES
from tools.local.aws import LocalAws

# DynamoDB's calls on items, and SQS's. Their answers are JSON as botocore returns them, save for bytes, which few have.
_DIRECT: Final = ON_MESSAGES | {
    *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
    *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
}
_BYTES: Final = (b'"B":', b'"BS":')
_CALL: Final = "_make_api_call"
_EVENTS: Final = ("provide-client-params", "before-call", "after-call", "before-send")  # where a test steps in
_SCALARS: Final = {"string": str, "boolean": bool, "integer": int}


class _Raw(io.BytesIO):
    """A body with urllib3's interface."""

    def stream(self, **_options: Any) -> Iterator[bytes]:
        """Read the rest."""
        if rest := self.read():
            yield rest


class _Unsigned(BaseSigner):
    """Sets the service and the region like a signature, without signing."""

    REQUIRES_REGION = True

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        self._scope = f"{credentials.access_key}/20260101/{region_name}/{service_name}/aws4_request"

    def add_auth(self, request: Any) -> None:
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={self._scope}"


def _form(shape: Any, forms: dict[str, Callable[[Any], bool]]) -> Callable[[Any], bool]:
    """Make the check of values of a shape in AWS's model. Botocore judges a refused value, and any bytes.

    `forms`: those made already, as some shapes are parts of themselves.
    """
    kind, least = shape.type_name, shape.metadata.get("min", 0)
    required = frozenset(shape.metadata.get("required", ()))
    parts: dict[str, Callable[[Any], bool]] = {}

    def structure(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        return all(name in parts and parts[name](part) for name, part in value.items())

    def pairs(value: Any) -> bool:
        return type(value) is dict and all(type(key) is str and parts["value"](value[key]) for key in value)

    def entries(value: Any) -> bool:
        return isinstance(value, list | tuple) and len(value) >= least and all(map(parts["member"], value))

    def scalar(value: Any) -> bool:
        size: Any = len(value) if isinstance(value, str) else value
        return type(value) is _SCALARS.get(kind) and size >= least

    forms[shape.name] = check = {"structure": structure, "map": pairs, "list": entries}.get(kind, scalar)
    inside = {"list": "member", "map": "value"}.get(kind, "")
    members = shape.members if kind == "structure" else {inside: getattr(shape, inside)} if inside else {}
    parts |= {name: forms.get(part.name) or _form(part, forms) for name, part in members.items()}
    return check


class _Direct:
    """A call of a client that needs no request of botocore: the form of its parameters, and the headers sent."""

    def __init__(self, client: Any, operation: str) -> None:
        service = client.meta.service_model
        self.model = service.operation_model(operation)
        self.is_allowed = _form(self.model.input_shape, {})
        self.parsing = f"before-parse.{service.service_id.hyphenize()}.{operation}"
        self.environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "HTTP_X_AMZ_TARGET": f"{service.metadata['targetPrefix']}.{operation}",
            "CONTENT_TYPE": f"application/x-amz-json-{service.metadata['jsonVersion']}",
        }


def _direct(client: Any, operation: str) -> _Direct | None:
    """Find a call of a client. None if a test has a handler of its own on it."""
    emitter = client.meta.events._emitter  # noqa: SLF001 - botocore has no public list of handlers
    handlers, direct = client.__dict__.get("_direct_calls", (None, {}))
    if handlers is not emitter._lookup_cache:  # noqa: SLF001 - botocore empties it with each new handler
        client._direct_calls = emitter._lookup_cache, (direct := {})  # noqa: SLF001 - the same
    if operation not in direct:
        service = client.meta.service_model.service_id.hyphenize()
        events = [f"{event}.{service}.{operation}" for event in _EVENTS]
        on_it = [handler for event in events for handler in emitter._handlers.prefix_search(event)]  # noqa: SLF001 - the same
        ours = ("botocore", "functools", "moto", __name__)
        is_plain = all(handler.__module__.startswith(ours) for handler in on_it)
        direct[operation] = _Direct(client, operation) if is_plain else None
    call: _Direct | None = direct[operation]
    return call


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
        self._waiting = threading.local()
        self._create_loader = session.create_loader
        session.create_loader = cache(session.create_loader)  # AWS's models are read once, not by each session
        self._parts: list[tuple[Any, str, Any]] = [
            (BaseClient, _CALL, self._calling(getattr(BaseClient, _CALL))),
            (UserAgentString, "to_string", lambda _agent: "tests"),  # it is not read
        ]
        self._exchange_parts()

    def stop(self) -> None:
        """Restore the network for clients made from now on."""
        for handler in self._handlers:
            BUILTIN_HANDLERS.remove(handler)
        session.create_loader = self._create_loader
        self._exchange_parts()

    def _exchange_parts(self) -> None:
        """Put these parts in the place of botocore's, or the other way round."""
        for place, (owner, name, part) in enumerate(self._parts):
            self._parts[place] = owner, name, getattr(owner, name)
            setattr(owner, name, part)

    def _calling(self, slowly: Any) -> Any:
        """Answer a call on items or messages before botocore makes a request of it: that costs twice as much as moto.

        Any other answer waits for `_send`, which gives it to the request: errors and retries are botocore's own.
        """

        def call(client: Any, operation: str, params: dict[str, Any]) -> Any:
            if operation not in _DIRECT or client.meta.endpoint_url != self._aws.endpoint_url:
                return slowly(client, operation, params)
            direct = _direct(client, operation)
            if direct is None or not direct.is_allowed(params):
                return slowly(client, operation, params)
            body = json.dumps(params).encode()
            answer = self._answer(client.meta.endpoint_url, _with_body(direct.environ, body))
            if answer.status_code != HTTPStatus.OK or any(kind in answer.content for kind in _BYTES):
                self._waiting.answer = answer
                try:
                    return slowly(client, operation, params)
                finally:
                    self._waiting.__dict__.clear()
            response: dict[str, Any] = {"status_code": answer.status_code, "headers": {}, "body": answer.content}
            context: dict[str, Any] = {}
            client.meta.events.emit(  # the product reads answers there
                direct.parsing, operation_model=direct.model, response_dict=response, customized_response_dict=context
            )
            metadata = {"HTTPStatusCode": answer.status_code, "HTTPHeaders": {}, "RetryAttempts": 0}
            return {**json.loads(response["body"]), **context, "ResponseMetadata": metadata}

        return call

    def _send(self, request: AWSPreparedRequest, **_more: Any) -> AWSResponse | None:
        if not request.url.startswith(self._aws.endpoint_url):
            return None
        waiting: AWSResponse | None = self._waiting.__dict__.pop("answer", None)
        return waiting or self._answer(request.url, _environ(request))

    def _answer(self, url: str, environ: dict[str, Any]) -> AWSResponse:
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_more: Any) -> None:
            answer.update(status=int(status[:3]), headers=dict(headers))

        body = b"".join(self._aws.app(environ, start_response))
        return AWSResponse(url, answer["status"], answer["headers"], _Raw(body))


def _with_body(environ: dict[str, str], body: bytes) -> dict[str, Any]:
    return {**environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}


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
