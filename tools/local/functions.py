"""Lambda where moto would need a container: takes the asynchronous calls of functions, which a worker then runs."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

from tools.local.ses import Wsgi

_INVOKE: Final = re.compile(r"/2015-03-31/functions/[\w-]+/invocations")


class Functions:
    """Runs before moto. `invoked`: the events of calls to the desk's jobs, oldest first, the only such calls."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self.invoked: deque[dict[str, Any]] = deque()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Take a call as Lambda does, by 202, or pass on any other request."""
        if not _INVOKE.fullmatch(environ["PATH_INFO"]) or environ.get("HTTP_X_AMZ_INVOCATION_TYPE") != "Event":
            return self._app(environ, start_response)
        self.invoked.append(json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
        start_response("202 Accepted", [("Content-Length", "0")])
        return []
