"""DynamoDB by another implementation than moto's: dynalite, on loopback (`make dynalite`)."""

import socket
import subprocess
from pathlib import Path
from typing import Final

_SCRIPT: Final = Path(__file__).with_suffix(".mjs")
_MODULES: Final = Path(__file__).parents[2] / "build/dynalite/node_modules"
_HEADERS: Final = (
    "Host: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Date: 20260101T000000Z\r\n"
    # It requires the parts of a signature, but checks none.
    "Authorization: AWS4-HMAC-SHA256 Credential=-, SignedHeaders=-, Signature=-\r\n"
)


class Dynalite:
    """A server that ends with this process, called over a bare socket: `http.client` would add half of its time."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(["node", _SCRIPT, _MODULES], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._node.stdout
        self._socket = socket.create_connection(("127.0.0.1", int(self._node.stdout.readline())))
        self._answers = self._socket.makefile("rb")

    def ask(self, operation: str, body: bytes) -> tuple[int, bytes]:
        """Call DynamoDB, and return the HTTP status and body."""
        return self._request(f"POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.{operation}\r\n{_HEADERS}", body)

    def wipe(self) -> None:
        """Empty all tables."""
        self._request(f"DELETE / HTTP/1.1\r\n{_HEADERS}", b"")

    def stop(self) -> None:
        """Stop the server."""
        self._answers.close()
        self._socket.close()
        self._node.communicate()

    def _request(self, head: str, body: bytes) -> tuple[int, bytes]:
        self._socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status, length = int(self._answers.readline().split()[1]), 0
        while line := self._answers.readline().strip().lower():
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return status, self._answers.read(length)
