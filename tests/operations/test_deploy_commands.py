"""An error of a command is a sentence with advice, and an exit code. Pending input answers no question."""

import argparse
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from operations.deploy import commands, stages
from operations.deploy.aws import Aws
from operations.deploy.commands import FAILED, OK, REFUSED, arguments, ask, command, run
from operations.deploy.stages import Stage
from tests.support.aws import TestAws

SETTINGS = """
[trial]
region = "{region}"
domain = ""
sender_identity = "extranet.example.fr"
alarm_email = "astreinte@example.org"
monthly_budget = 10
reserved_concurrency = 0
"""
UNKNOWN = (403, "InvalidClientTokenId", "The security token included in the request is invalid.")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    written(monkeypatch, tmp_path)


def written(monkeypatch: pytest.MonkeyPatch, folder: Path, region: str = "eu-west-3") -> None:
    (folder / "stages.toml").write_text(SETTINGS.format(region=region), encoding="utf-8")
    monkeypatch.setattr(commands, "load_stage", lambda name: stages.load_stage(name, folder / "stages.toml"))


@pytest.fixture
def refusing() -> Iterator[str]:
    """Serve an AWS that refuses all credentials, and return its address."""
    with ExitStack() as ending:
        server = ending.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _Refusing))
        ending.callback(server.shutdown)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        status, code, words = UNKNOWN
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{words}</Message></Error></ErrorResponse>".encode()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def nowhere() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def given(endpoint_url: str | None = None, edge: tuple[str, int] | None = None) -> argparse.Namespace:
    return argparse.Namespace(stage="trial", endpoint_url=endpoint_url, edge=edge)


def never(_aws: Aws, _stage: Stage) -> int:
    raise AssertionError("nothing may be done")


def look(aws: Aws, _stage: Stage) -> int:
    aws.client("sts").get_caller_identity()
    return OK


def test_credentials_unknown_to_aws_stop_before_an_act(refusing: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(given(refusing), never) == REFUSED
    assert capsys.readouterr().out == (
        "AWS does not take these credentials (InvalidClientTokenId: The security token included in the request is "
        "invalid.): export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (docs/deploy.md, step 2).\n"
    )


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "missing: AWS_SECRET_ACCESS_KEY"),
        ({"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found"),
    ],
)
def test_credentials_that_are_not_there_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: dict[str, str], why: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert run(given(nowhere()), never) == REFUSED
    output = capsys.readouterr().out
    assert output.startswith("No AWS credentials that can be used (")
    assert why in output
    assert "AWS_PROFILE (docs/deploy.md, step 2)" in output


def test_credentials_of_another_account_than_the_stage_s_are_refused(
    aws: TestAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "stages.toml"
    file.write_text(f'{file.read_text("utf-8")}account = "000000000001"\nprofile = "essonne"\n', "utf-8")
    monkeypatch.setenv("AWS_PROFILE", "of-the-shell")
    (tmp_path / "none").write_text("[profile essonne]\n", "utf-8")

    assert run(given(aws.endpoint_url), never) == REFUSED

    assert os.environ["AWS_PROFILE"] == "essonne"
    output = capsys.readouterr().out
    assert "of the account 123456789012, and [trial] of stages.toml is in 000000000001" in output
    file.write_text(file.read_text("utf-8").replace("000000000001", "123456789012"), "utf-8")
    assert run(given(aws.endpoint_url), look) == OK


def test_an_emulator_that_does_not_answer_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    place = nowhere()

    assert run(given(place), never) == FAILED
    assert f"see whether the emulator answers at {place}, then run the same command again." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("region", "advice"),
    [
        ("eu-west-3", "look at this machine's network"),
        ("eu-west-9", "« eu-west-9 », the region of stages.toml, is none"),
    ],
)
def test_without_a_network_it_is_looked_at_and_the_region_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], region: str, advice: str
) -> None:
    written(monkeypatch, tmp_path, region)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", nowhere())

    assert run(given(), never) == FAILED
    output = capsys.readouterr().out
    assert output.startswith("AWS could not be reached (Could not connect")
    assert advice in output


def test_an_interruption_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_aws: Aws, _stage: Stage) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Aws, "account", "123456789012")

    assert run(given(), interrupted) == FAILED
    output = capsys.readouterr().out
    assert "wait until `make status STAGE=trial` says COMPLETE, then run the same command again" in output


def test_a_command_in_an_emulator_is_told_with_its_place() -> None:
    aws = Aws("eu-west-3", "http://127.0.0.1:4566", ("127.0.0.1", 4443))

    assert command("status", "trial", Aws("eu-west-3")) == "make status STAGE=trial"
    assert command("status", "trial", aws) == (
        'make status STAGE=trial ARGS="--endpoint-url http://127.0.0.1:4566 --edge 127.0.0.1:4443"'
    )


def test_what_came_before_the_question_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard, terminal = pty.openpty()
    with os.fdopen(keyboard, "wb", buffering=0) as keys, os.fdopen(terminal) as screen:

        def answered(_question: str) -> str:
            keys.write(b"n\n")
            return screen.readline()

        monkeypatch.setattr("sys.stdin", screen)
        monkeypatch.setattr("builtins.input", answered)
        keys.write(b"y\n")

        assert ask("Do it? [y/N] ") == "n"


def test_without_a_stage_the_stages_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    namespace = argparse.Namespace(**vars(given()) | {"stage": arguments("deploy", "").parse_args([]).stage})

    assert run(namespace, never) == REFUSED
    assert capsys.readouterr().out == "Missing: the stage's name, as STAGE=…: stages.toml has trial.\n"


def test_a_secret_is_typed_without_being_shown() -> None:
    keyboard, terminal = pty.openpty()
    code = "from operations.deploy.commands import ask_hidden; print(len(ask_hidden('Secret: ')))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    ) as process:
        os.close(terminal)
        output = os.read(keyboard, 100)
        while b"Secret: " not in output:
            output += os.read(keyboard, 100)
        os.write(keyboard, b"mot-de-passe\n")
        with suppress(OSError):  # the terminal's end
            while more := os.read(keyboard, 100):
                output += more
    os.close(keyboard)

    assert process.returncode == 0
    assert b"mot-de-passe" not in output
    assert output.split()[-1] == b"12"
