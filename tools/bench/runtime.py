"""The Runtime API of Lambda, and one function under AWS's own `awslambdaric`, from its start to its end."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from tools.bench.serving import Handler, Server

_PATIENCE = 60  # seconds
_NEXT = "/runtime/invocation/next"


@dataclass(frozen=True)
class Said:
    """What the function said, and when (ns)."""

    at: int
    path: str
    body: bytes


class RuntimeApi:
    """Hands out events one at a time."""

    def __init__(self) -> None:
        self.said: Queue[Said] = Queue()
        self.events: Queue[object] = Queue()
        self._server = Server(type("_Handler", (_Handler,), {"api": self}))
        self.place = self._server.place

    def stop(self) -> None:
        """Stop serving."""
        self.events.put(None)  # the function's last question
        self._server.shutdown()
        self._server.server_close()

    def hear(self, end: str) -> Said:
        """Wait for the function; raise RuntimeError when it says something else, such as an error."""
        said = self.said.get(timeout=_PATIENCE)
        if not said.path.endswith(end):
            raise RuntimeError(f"{said.path}: {said.body.decode()}")
        return said


class _Handler(Handler):
    api: RuntimeApi

    def do_GET(self) -> None:  # noqa: N802 - http.server's own name
        """Give the next event, when there is one."""
        self.api.said.put(Said(time.perf_counter_ns(), self.path, b""))
        deadline = str(int(time.time() * 1000) + 30_000)
        function = "arn:aws:lambda:eu-west-3:123456789012:function:bench"
        event = self.api.events.get()
        self.answer(
            200,
            event,
            {
                "Lambda-Runtime-Aws-Request-Id": "00000000-1111-2222-3333-444444444444",
                "Lambda-Runtime-Deadline-Ms": deadline,
                "Lambda-Runtime-Invoked-Function-Arn": function,
            },
        )

    def do_POST(self) -> None:  # noqa: N802 - http.server's own name
        """Take the answer, or an error."""
        body = self.body()
        self.api.said.put(Said(time.perf_counter_ns(), self.path, body))
        self.answer(202, {"status": "OK"})


class Function:
    """A new process; `init_ms` is the time from its start to its first question."""

    def __init__(self, python: str, task: Path, handler: str, environment: Mapping[str, str]) -> None:
        self._api = RuntimeApi()
        started = time.perf_counter_ns()
        self._process = subprocess.Popen(  # noqa: S603 - the runtime that was asked for
            [python, "-m", "awslambdaric", handler],
            cwd=task,
            env={"AWS_LAMBDA_RUNTIME_API": self._api.place, "LAMBDA_TASK_ROOT": str(task), **environment},
            stdout=subprocess.DEVNULL,
        )
        os.sched_setaffinity(self._process.pid, {max(os.sched_getaffinity(0))})
        self.init_ms = (self._api.hear(_NEXT).at - started) / 1e6

    def invoke(self, event: object) -> tuple[float, dict[str, Any]]:
        """Hand it an event: milliseconds and answer."""
        started = time.perf_counter_ns()
        self._api.events.put(event)
        said = self._api.hear("/response")
        self._api.hear(_NEXT)
        return (said.at - started) / 1e6, json.loads(said.body)

    def cpu_ms(self) -> float:
        """Tell the CPU time that its threads have used."""
        tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e6

    def peak_mib(self) -> float:
        """Tell the most memory that it has held."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._api.stop()
