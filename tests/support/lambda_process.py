"""A function of an unpacked package, run alone with Lambda's Python, the layer of its network, and nothing else."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.package.interpreter import lambda_python

_MAIN = """
import gc, importlib, json, os, sys, zoneinfo
task, handler = sys.argv[1:]
sources = set()
def hear(event, about):
    if event == "compile" and str(about[1]).startswith(task):
        sources.add(about[1])
sys.addaudithook(hear)
zoneinfo.reset_tzpath([])  # Lambda has no time zones of its own
sys.path[:0] = [task, os.path.join(os.path.dirname(task), "network", "python")]  # /opt/python
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the record
module, _, name = handler.rpartition(".")
function = getattr(importlib.import_module(module), name)
given = [function(event, None) for event in json.load(sys.stdin)]
json.dump({"answers": given, "sources": sorted(sources), "collects": gc.isenabled()}, answers)
answers.close()
"""


@dataclass(frozen=True)
class Invoked:
    """A cold start: its answers to the events, the sources it had to compile, whether it collects garbage."""

    answers: list[Any]
    sources: list[str]
    collects: bool


def invoke(task: Path, handler: str, environment: Mapping[str, str], *events: Mapping[str, Any]) -> Invoked:
    """Start a function and pass it events. The layer is beside `task`. Raises CalledProcessError if it raises."""
    process = subprocess.run(
        [lambda_python(), "-I", "-S", "-B", "-c", _MAIN, str(task), handler],
        input=json.dumps(events),
        env={name: os.environ[name] for name in ("LD_PRELOAD", "CLEF_AHEAD") if name in os.environ} | dict(environment),
        cwd=task,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Invoked(**json.loads(process.stdout))
