"""Lambda where moto would need a container: runs the desk's jobs, at once if a command waits, else by a worker."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

from chalicelib.settings.wings import WINGS
from chalicelib.wings.wing import load
from chalicelib.work.long_jobs import desk_jobs
from tools.local.ses import Wsgi

_INVOKE: Final = re.compile(r"/2015-03-31/functions/[\w-]+/invocations")

HANDLERS: Final = {  # of the wings' own functions
    name: load(f"{place.partition(':')[0]}:{name}") for wing in WINGS for name, place in wing.functions.items()
}


class Functions:
    """Answers calls to Lambda, before moto. `events`: of the desk's jobs, the only ones called, oldest first."""

    def __init__(self, app: Wsgi) -> None:
        self._app = app
        self.events: deque[dict[str, Any]] = deque()
        self._calls: deque[dict[str, Any]] = deque()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Take a call as Lambda does, by 202 if no one waits, or pass on any other request."""
        if not _INVOKE.fullmatch(environ["PATH_INFO"]):
            return self._app(environ, start_response)
        is_awaited = environ.get("HTTP_X_AMZ_INVOCATION_TYPE") != "Event"
        events = self._calls if is_awaited else self.events
        events.append(json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
        start_response("200 OK" if is_awaited else "202 Accepted", [("Content-Length", "0")])
        return []

    def around(self, app: Wsgi) -> Wsgi:
        """Run a call that a command waits for once its request has ended: the function makes requests of its own."""

        def running(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            answer = app(environ, start_response)
            while self._calls:
                try:
                    desk_jobs(self._calls.popleft(), None)
                except Exception as error:  # noqa: BLE001 - as Lambda does: logged
                    print(f"desk_jobs: {type(error).__name__}: {error}", flush=True)
            return answer

        return running
