"""One call of another service over HTTP, within one limit of time and one of size: no redirects, no cookies.

Only the standard library: a thread makes the call, since a slow name, a header in small pieces or several addresses
have no common limit of time.
"""

import http.client
import ssl
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from functools import cache
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR, socket
from threading import Thread
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.refusals import Unavailable
from chalicelib.values import frozen


class Reply(NamedTuple):
    """An answer: its status, the type of its content, and the content."""

    status: int
    kind: str
    content: bytes


@frozen
class Service:
    """Another service: its name in the record, and the largest answer that is read, in bytes."""

    name: str
    largest: int

    def call(
        self, until: float, method: str, address: str, headers: Mapping[str, str], body: str | bytes | None = None
    ) -> Reply:
        """Make one call until a moment of `seconds`. Raises `Unavailable` without a whole answer in time."""
        parts, seconds_left = urlsplit(address), until - seconds()
        if seconds_left <= 0:
            raise Unavailable(f"{self.name} TimeoutError")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        answers: SimpleQueue[Reply | Exception] = SimpleQueue()
        sockets: list[socket] = []  # a connection forgets its own while a body without a length is read

        def call() -> None:
            try:
                with closing(_connection(parts, seconds_left)) as line:
                    line.connect()
                    sockets.append(line.sock)
                    line.request(method, path, body, {**headers, "User-Agent": "Clef"})
                    answer = line.getresponse()
                    answers.put(Reply(answer.status, answer.headers.get_content_type(), answer.read(self.largest + 1)))
            except (OSError, http.client.HTTPException, ValueError) as error:
                answers.put(error)

        Thread(target=call, daemon=True).start()
        try:
            answer = answers.get(timeout=seconds_left)
        except Empty:
            answer = TimeoutError()
            for late in sockets:
                with suppress(OSError):  # it ends the thread
                    late.shutdown(SHUT_RDWR)
        if isinstance(answer, Exception):
            raise Unavailable(f"{self.name} {type(answer).__name__}") from answer
        if len(answer.content) > self.largest:
            raise Unavailable(f"{self.name} answered {answer.status}, {len(answer.content)} bytes")
        return answer


def _connection(parts: SplitResult, patience: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=patience, context=_tls())
    return http.client.HTTPConnection(host, parts.port, timeout=patience)


@cache  # reading the certification authorities takes some 20 ms of CPU
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def seconds() -> float:
    """Read a monotonic clock. It only limits the time of a call."""
    return time.monotonic()
