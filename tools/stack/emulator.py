"""Start MiniStack on loopback, in its own environment, and stop it."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import playwright

from tools.local.aws import REGION

HOST = "127.0.0.1"
# MiniStack treats this key as its account's owner. All others are subject to their policies.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
SERVICES = (
    "acm", "apigateway", "backup", "cloudformation", "cloudfront", "dynamodb", "events", "iam", "lambda", "logs",
    "monitoring", "s3", "ses", "sns", "sqs", "ssm", "sts",
)  # fmt: skip

_PROJECT = Path(__file__).parents[2]
_PYTHON = _PROJECT / ".venv-ministack" / "bin" / "python"
_NODE = Path(playwright.__file__).parent / "driver"  # CloudFront functions run in Node.js, which Playwright includes
_PATIENCE = timedelta(minutes=2)  # on a busy machine, seconds on an idle one


@dataclass(frozen=True)
class Emulator:
    """MiniStack running: ports of AWS's API and of the edge (TLS), its certificate, and its log.

    DynamoDB throttles every call while the file `throttles` exists.
    """

    port: int
    edge_port: int
    certificate: Path
    log: Path
    throttles: Path

    @property
    def endpoint_url(self) -> str:
        """The URL of AWS's API."""
        return f"http://{HOST}:{self.port}"

    def read_page(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Read one of MiniStack's own pages, under `/_ministack/`."""
        with urllib.request.urlopen(f"{self.endpoint_url}/_ministack/{path}", timeout=60) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def trust(self) -> ssl.SSLContext:
        """Make a context that trusts only its certificate."""
        return ssl.create_default_context(cafile=self.certificate)

    @contextmanager
    def throttling_tables(self) -> Iterator[None]:
        """Have DynamoDB throttle every call inside the block, which MiniStack never does by itself."""
        self.throttles.touch()
        try:
            yield
        finally:
            self.throttles.unlink()


@contextmanager
def running(port: int = 0, *, plain: bool = False) -> Iterator[Emulator]:
    """Run MiniStack inside the block, for visitors on a port, or a free one, over TLS. `plain`: treat HTTP as TLS."""
    if not _PYTHON.exists():
        sys.exit("MiniStack is not installed: `make stack` and `make e2e` install it first.")
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="clef-ministack-")))
        sockets = [
            ending.enter_context(socket.create_server((HOST, number))) for number in ((port, 0) if plain else (0, port))
        ]
        api_port, edge_port = (listener.getsockname()[1] for listener in sockets)
        emulator = Emulator(
            api_port, edge_port, folder / "certificate.pem", folder / "ministack.log", folder / "dynamodb-throttles"
        )
        process = _start(emulator, folder, [listener.fileno() for listener in sockets], plain=plain)
        ending.callback(_stop, process)
        for listener in sockets:
            listener.close()
        _wait(emulator, process)
        yield emulator


def _start(emulator: Emulator, folder: Path, sockets: list[int], *, plain: bool) -> "subprocess.Popen[bytes]":
    environment = {
        "PATH": f"{_NODE}:{os.defpath}",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": str(_PROJECT),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(emulator.port),
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "AUTH": "true",  # enforces the policy of a function's role
        "SERVICES": ",".join(SERVICES),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
        "CLEF_PLAIN_HTTP_PASSES_FOR_TLS": str(int(plain)),
        "CLEF_DYNAMODB_THROTTLES": str(emulator.throttles),
    }
    with emulator.log.open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            [_PYTHON, "-m", "tools.stack.inside", *map(str, sockets), folder],
            cwd=folder,
            env=environment,
            pass_fds=sockets,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours: the stack serves until we stop it
        )


def _wait(emulator: Emulator, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE.total_seconds()
    while process.poll() is None and time.monotonic() < deadline:
        try:
            emulator.read_page("health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"MiniStack did not start:\n{emulator.log.read_text('utf-8')}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin  # noqa: S101 - requested above
    process.stdin.close()  # it serves until then
    end_group(process)


def end_group(process: "subprocess.Popen[Any]", asking: signal.Signals | None = None) -> None:
    """Wait for the leader of a process group to end, after a signal if given, then kill the rest of the group."""
    with suppress(ProcessLookupError):
        if asking:
            os.killpg(process.pid, asking)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
