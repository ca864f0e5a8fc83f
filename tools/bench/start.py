"""CPU of a cold start: `python -m tools.bench.start --runtime PYTHON BEFORE AFTER`, two folders of `make package`.

Compares the starts of all functions of their templates, and a floor: a handler that signs its requests itself over
`http.client`, with Argon2 loaded. Each round starts all again, in a changing order.
`python -m tools.bench.start --clef` measures `clef` before it runs any command.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZipFile

from operations.package.files import TEMPLATE
from operations.package.parts import FAMILY, NETWORK, OFFICE

_FLOOR: Final = """
import hashlib, hmac, http.client, json, os
from datetime import UTC, datetime
from urllib.parse import parse_qs
from argon2 import PasswordHasher
HOST = f"dynamodb.{os.environ['AWS_DEFAULT_REGION']}.amazonaws.com"
HASHER = PasswordHasher()
def call(operation, body):
    data, now = json.dumps(body), datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": HOST, "x-amz-date": now, "x-amz-target": f"DynamoDB_20120810.{operation}"}
    names, lines = ";".join(headers), [f"{name}:{told}" for name, told in headers.items()]
    request = "\\n".join(["POST", "/", "", *lines, "", names, hashlib.sha256(data.encode()).hexdigest()])
    scope = f"{now[:8]}/{os.environ['AWS_DEFAULT_REGION']}/dynamodb/aws4_request"
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    text = f"AWS4-HMAC-SHA256\\n{now}\\n{scope}\\n{hashlib.sha256(request.encode()).hexdigest()}"
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signed = f"Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
    connection = http.client.HTTPSConnection(HOST, timeout=2)
    connection.request("POST", "/", data, headers | {"authorization": f"AWS4-HMAC-SHA256 {signed}"})
    return json.loads(connection.getresponse().read())
def app(event, context):
    form = parse_qs(event["body"])
    found = call("GetItem", {"TableName": "accounts", "Key": {"identifier": {"S": form["identifiant"][0]}}})
    HASHER.verify(found["Item"]["hash"]["S"], form["mot_de_passe"][0])
    return {"statusCode": 303, "headers": {}, "body": ""}
"""
_SECRETS: Final = {
    "CLEF_RECORD_KEY": "the key of the bench's pseudonyms, long enough", "CLEF_CDN_SECRET_DIGESTS": "0" * 64,
}  # fmt: skip
_ENVIRONMENT: Final = {
    **_SECRETS,
    "AWS_DEFAULT_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_LAMBDA_FUNCTION_NAME": "bench", "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC",
    "PYTHONTZPATH": "", "PYTHONDONTWRITEBYTECODE": "1",  # Lambda has no time zones, and writes no bytecode
}  # fmt: skip


class _RuntimeApi(ThreadingHTTPServer):
    """Lambda's Runtime API up to the first poll: the function is then ready."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Question)
        self.ready, self.error = threading.Event(), ""
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Question(BaseHTTPRequestHandler):
    server: _RuntimeApi

    def do_GET(self) -> None:
        self.server.ready.set()
        threading.Event().wait()  # no event ever comes

    def do_POST(self) -> None:
        self.server.error = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.ready.set()


@dataclass(frozen=True)
class _Function:
    """A function to start: its unpacked zip, its handler, and its variables from the template."""

    task: Path
    handler: str = "app.app"
    variables: dict[str, str] = field(default_factory=dict)


def _init_cpu(python: str, function: _Function) -> float:
    """Start a function, and return the CPU milliseconds of its init."""
    api = _RuntimeApi()
    task = function.task
    place = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_address[1]}", "LAMBDA_TASK_ROOT": str(task)}
    environment = _ENVIRONMENT | function.variables | place | {"PYTHONPATH": str(task.with_name(NETWORK) / "python")}
    with subprocess.Popen([python, "-m", "awslambdaric", function.handler], cwd=task, env=environment) as process:  # noqa: S603 - the runtime that was asked for
        api.ready.wait(60)
        threads = Path(f"/proc/{process.pid}/task").iterdir()
        milliseconds = sum(int((thread / "schedstat").read_text("ascii").split()[0]) for thread in threads) / 1e6
        process.kill()
    api.shutdown()
    if api.error:
        raise RuntimeError(api.error)
    return milliseconds


def _make_floor(python: str, package: Path, task: Path) -> None:
    """Write the floor, with our package's Argon2, compiled like our package."""
    task.mkdir()
    for part in (*package.glob("argon2"), *package.glob("_argon2*"), *package.glob("_cffi*")):
        (shutil.copytree if part.is_dir() else shutil.copy)(part, task / part.name)
    (task / "app.py").write_text(_FLOOR, "utf-8")
    compiling = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(task)]
    subprocess.run([python, *compiling], check=True)  # noqa: S603 - our own command


def _functions(package: Path, scratch: Path) -> dict[str, _Function]:
    """Unpack a folder of `make package`, and return its functions by name."""
    for name in (FAMILY, OFFICE, NETWORK):
        if name != NETWORK or (package / name).exists():  # an earlier package has none
            ZipFile(package / name).extractall(scratch / name)
    resources = json.loads((package / TEMPLATE).read_text("utf-8"))["Resources"].items()
    functions = {name: it["Properties"] for name, it in resources if it["Type"] == "AWS::Serverless::Function"}
    return {
        name: _Function(
            scratch / function["CodeUri"].removeprefix("./"), function["Handler"], _variables(function["Environment"])
        )
        for name, function in functions.items()
    }


def _variables(environment: Mapping[str, Any]) -> dict[str, str]:
    """Give each variable of a template a value that its function accepts, except conditional ones."""
    key = f"1:{'A' * 43}"
    values = [
        name for name, value in environment["Variables"].items() if name.startswith("CLEF_") and "Fn::If" not in value
    ]
    return {name: _SECRETS.get(name, key if name.startswith("CLEF_KEY_") else name) for name in values}


def _compare_functions(python: str, before: Path, after: Path, rounds: int) -> None:
    """Start the functions of two packages and the floor in turn, and print a line for each function."""
    with TemporaryDirectory() as scratch:
        former, latter = (_functions(package, Path(scratch, name)) for name, package in (("a", before), ("b", after)))
        _make_floor(python, latter["APIHandler"].task, Path(scratch, "floor"))
        starts = {("", "floor"): _Function(Path(scratch, "floor"))}
        starts |= {(name, when): made[name] for when, made in (("before", former), ("after", latter)) for name in made}
        milliseconds = [
            {key: _init_cpu(python, starts[key]) for key in random.sample(list(starts), len(starts))}
            for _ in range(rounds + 1)
        ][1:]
    floor = ("", "floor")
    print(f"floor: {statistics.median(each[floor] for each in milliseconds):.0f} ms")
    print("| function | before, ms | after, ms | × before | × floor |\n|---|---:|---:|---:|---:|")
    for name in sorted(latter.keys() & former.keys()):  # a new function has no start before
        keys = [(name, when) for when in ("before", "after")]
        times = [f"{statistics.median(each[key] for each in milliseconds):.0f}" for key in keys]
        ratios = [
            f"{statistics.median(each[keys[1]] / each[base] for each in milliseconds):.2f}" for base in (keys[0], floor)
        ]
        print(f"| {' | '.join([name, *times, *ratios])} |")


def _clef_cpu(*arguments: str) -> float:
    """Run a command, and measure its CPU in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "agency", *arguments], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def _measure_clef(rounds: int) -> None:
    print("| typed | CPU ms |\n|---|---:|")
    for arguments in (["--version"], ["--help"], ["period", "--help"], ["period", "set", "--help"]):
        print(f"| clef {' '.join(arguments)} | {statistics.median(_clef_cpu(*arguments) for _ in range(rounds)):.0f} |")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clef", action="store_true", help="measure `clef`, and nothing else")
    parser.add_argument(
        "--runtime", required="--clef" not in sys.argv, help="a Python that has awslambdaric, of the packages' version"
    )
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("before", type=Path, nargs="?", help="the folder of an earlier package")
    parser.add_argument("after", type=Path, nargs="?", help="the folder of a later package")
    options = parser.parse_args()
    if options.clef:
        _measure_clef(options.rounds)
        return
    python = os.path.abspath(options.runtime)  # noqa: PTH100 - a venv's Python is a symlink
    _compare_functions(python, options.before, options.after, options.rounds)


if __name__ == "__main__":
    main()
