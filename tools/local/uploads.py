"""Signed forms where moto asks nothing of them: what S3 refuses by a form's policy, its size and its end, is told."""

import io
import json
from base64 import b64decode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from werkzeug.wrappers import Request

from tools.local.ses import Wsgi

_REFUSED: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code></Error>'


class UploadPolicy:
    """Stands before moto, and answers as S3 does to a form that it does not take: in XML, in English."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] != "POST" or not environ.get("CONTENT_TYPE", "").startswith("multipart/form-data"):
            return self._app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with Request({**environ, "wsgi.input": io.BytesIO(body)}) as request:
            status, code = _refusal(request)
        if code:
            start_response(status, [("Content-Type", "application/xml")])
            return [_REFUSED.format(code).encode()]
        return self._app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)


def _refusal(request: Request) -> tuple[str, str]:
    """Check a form as S3 does: its status and code where it refuses, nothing for one that it takes."""
    policy = json.loads(b64decode(request.form.get("policy", "") or "e30="))
    ends = policy.get("expiration")
    if ends is None or datetime.fromisoformat(ends) <= datetime.now(UTC):
        return "403 Forbidden", "AccessDenied"
    file = request.files.get("file")
    size = len(file.read()) if file else 0
    ranges = [
        condition[1:]
        for condition in policy["conditions"]
        if isinstance(condition, list) and condition[0] == "content-length-range"
    ]
    for least, most in ranges:
        if not least <= size <= most:
            return "400 Bad Request", "EntityTooLarge" if size > most else "EntityTooSmall"
    return "", ""
