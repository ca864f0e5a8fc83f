"""AWS behind botocore in this process: requests reach moto as function calls, without a socket."""

import io
import json
import threading
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

from botocore import session
from botocore.auth import AUTH_TYPE_MAPS, BaseSigner
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_LAST
from botocore.useragent import UserAgentString

from tests.support.aws import ON_MESSAGES
from tools.local.aws import LocalAws

# DynamoDB's calls on items, and SQS's. Their answers are JSON as botocore returns them, save for bytes, which few have.
_DIRECT: Final = ON_MESSAGES | {
    *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
    *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
}
_BYTES: Final = (b'"B":', b'"BS":')
_RESOLVE: Final = "_resolve_endpoint_ruleset"
_SIGNED: Final = ("auth_type", "signing")  # what an endpoint adds to the context of a call


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


class InProcess:
    """Answers the requests to a local AWS of any client made in this process from now on (as moto does)."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        send: Any = self._send
        # Moto ignores signatures of DynamoDB's requests, and each costs as much as parsing its answer.
        ask: Any = self._ask
        self._handlers = [("before-send", send), ("choose-signer.dynamodb", lambda **_more: "unsigned")]
        AUTH_TYPE_MAPS["unsigned"] = _Unsigned
        for event, handler in self._handlers:
            BUILTIN_HANDLERS.append((event, handler))
            aws._session.register(event, handler)  # noqa: SLF001 - made earlier, and used for tests' clients
        # Last: a test's own answer to a call comes before moto's.
        BUILTIN_HANDLERS.append(("before-call", ask, REGISTER_LAST))
        aws._session.get_component("event_emitter").register_last("before-call", ask)  # noqa: SLF001 - the same
        self._waiting = threading.local()
        self._create_loader = session.create_loader
        session.create_loader = cache(session.create_loader)  # AWS's models are read once, not by each session
        # Two parts of a call are the same each time: its endpoint by AWS's rules, and the agent, which is not read.
        self._parts: list[tuple[Any, str, Any]] = [
            (BaseClient, _RESOLVE, self._resolving_once(getattr(BaseClient, _RESOLVE))),
            (UserAgentString, "to_string", lambda _agent: "tests"),
        ]
        self._exchange_parts()

    def stop(self) -> None:
        """Restore the network for clients made from now on."""
        for handler in [*self._handlers, ("before-call", self._ask, REGISTER_LAST)]:
            BUILTIN_HANDLERS.remove(handler)
        session.create_loader = self._create_loader
        self._exchange_parts()

    def _exchange_parts(self) -> None:
        """Put these parts in the place of botocore's, or the other way round."""
        for place, (owner, name, part) in enumerate(self._parts):
            self._parts[place] = owner, name, getattr(owner, name)
            setattr(owner, name, part)

    def _resolving_once(self, resolve: Any) -> Any:
        """Find the endpoint of each call on items or messages once: no parameter of theirs changes it."""

        def endpoint(client: Any, model: Any, params: Any, context: dict[str, Any], **more: Any) -> Any:
            if model.name not in _DIRECT or client.meta.endpoint_url != self._aws.endpoint_url:
                return resolve(client, model, params, context, **more)
            endpoints = client.__dict__.setdefault("_endpoints_of_calls", {})
            if model.name not in endpoints:
                resolved = resolve(client, model, params, context, **more)
                endpoints[model.name] = resolved, {name: context[name] for name in _SIGNED if name in context}
            resolved, signed = endpoints[model.name]
            context.update(deepcopy(signed))
            return resolved

        return endpoint

    def _ask(self, params: dict[str, Any], model: Any, request_signer: Any, **_more: Any) -> Any:
        """Answer a call on items or messages before botocore makes a request of it: that costs twice as much as moto.

        Any other answer waits for `_send`, which gives it to the request: errors and retries are botocore's own.
        """
        if model.name not in _DIRECT or not params["url"].startswith(self._aws.endpoint_url):
            return None
        headers, body = params["headers"], params["body"]
        environ = {
            "REQUEST_METHOD": params["method"],
            "PATH_INFO": "/",
            "HTTP_X_AMZ_TARGET": headers["X-Amz-Target"],
            "CONTENT_TYPE": headers["Content-Type"],
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        answer = self._answer(params["url"], environ)
        if answer.status_code != HTTPStatus.OK or any(kind in answer.content for kind in _BYTES):
            self._waiting.answer = answer
            return None
        response: dict[str, Any] = {"status_code": answer.status_code, "headers": {}, "body": answer.content}
        context: dict[str, Any] = {}
        request_signer._event_emitter.emit(  # noqa: SLF001 - the client's, on which the product reads answers
            f"before-parse.{model.service_model.service_id.hyphenize()}.{model.name}",
            operation_model=model,
            response_dict=response,
            customized_response_dict=context,
        )
        metadata = {"HTTPStatusCode": answer.status_code, "HTTPHeaders": {}, "RetryAttempts": 0}
        return answer, {**json.loads(response["body"]), **context, "ResponseMetadata": metadata}

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
