"""All that the functions do, done by an unpacked package alone, in processes that tell which of its files they load."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from operations.package.interpreter import lambda_python

# Told by Python's audit events: every file that Python opens, every source it compiles; and the modules' own files.
# Libraries that open files in C (OpenSSL's certificates) tell nothing.
_WORKER: Final = """
import gc, importlib, json, os, sys, traceback
task, handler = sys.argv[1:]
standard_library = os.path.dirname(os.__file__)
opened, compiled = set(), set()
def hear(event, about):
    if event == "open" and isinstance(about[0], str):
        opened.add(about[0])
    elif event == "compile" and isinstance(about[1], str):
        compiled.add(about[1])
sys.addaudithook(hear)
sys.path.insert(0, task)
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
module, _, name = handler.rpartition(".")
function = getattr(importlib.import_module(module), name)
for line in sys.stdin:
    try:
        answer = {"answer": function(json.loads(line), None)}
    except Exception as error:
        answer = {"error": type(error).__name__, "trace": traceback.format_exc()}
    print(json.dumps(answer), file=answers, flush=True)
files = {each.__file__ for each in list(sys.modules.values()) if getattr(each, "__file__", None)}
told = {
    "loaded": sorted(files | opened),
    "compiled": sorted(compiled),
    "collects": gc.isenabled(),
    "strangers": sorted(file for file in files if not file.startswith((task, standard_library))),
}
print(json.dumps(told), file=answers, flush=True)
"""


@dataclass
class Seen:
    """What processes loaded of a package, compiled of it, and imported from elsewhere than it and Python itself."""

    loaded: set[str] = field(default_factory=set)
    compiled: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)


class Worker:
    """One cold start of one function: give it events, then close it."""

    def __init__(self, task: Path, handler: str, environment: Mapping[str, str], seen: Seen) -> None:
        self._task = task
        self._seen = seen
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [lambda_python(), "-S", "-s", "-P", "-B", "-c", _WORKER, str(task), handler],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the record
            # Lambda has no time zones of its own: the package's are taken.
            env={"PYTHONTZPATH": "", **environment},
            cwd=task,
            text=True,
        )

    def __enter__(self) -> Self:
        """Start."""
        return self

    def invoke(self, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what a Lambda answers
        """Hand an event and give the answer; raise RuntimeError when the function raises."""
        told = self._ask(json.dumps(event))
        if "error" in told:
            raise RuntimeError(told["trace"])
        return told["answer"]

    def fail(self, event: Mapping[str, Any]) -> str:
        """Hand an event that the function must not take, and give the name of its exception."""
        error: str = self._ask(json.dumps(event))["error"]
        return error

    def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin  # noqa: S101 - a pipe, as asked above
        assert self._process.stdout  # noqa: S101 - the same
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        told = self._process.stdout.readline()
        if not told:
            raise RuntimeError("the function ended")
        answer: dict[str, Any] = json.loads(told)
        return answer

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process and note what it loaded."""
        rest, _ = self._process.communicate()
        if kind is None:
            told = json.loads(rest)
            if not told["collects"]:
                raise RuntimeError("the garbage collector was left off")
            self._seen.loaded |= {name for file in told["loaded"] if (name := self._own(file))}
            self._seen.compiled |= {name for file in told["compiled"] if (name := self._own(file))}
            self._seen.strangers |= set(told["strangers"])

    def _own(self, file: str) -> str | None:
        """Give the package's own name of a file: bytecode counts as its source."""
        path = Path(file)
        if not path.is_relative_to(self._task) or not path.is_file():
            return None
        if path.suffix == ".pyc":
            path = path.parent.parent / f"{path.name.partition('.')[0]}.py"
        return path.relative_to(self._task).as_posix()
