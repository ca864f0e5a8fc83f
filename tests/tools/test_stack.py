"""`make stack`: an invalid setting gets one clear sentence before anything starts, and its end needs no function."""

import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations.deploy.stack import Outputs
from tools.stack.__main__ import main
from tools.stack.deployed import Stack
from tools.stack.emulator import Emulator

Refusal = Callable[[str, str], str]


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Refusal]:
    """Start it with a setting that it refuses, and return its message on exit, which makes the code 1."""
    before = signal.getsignal(signal.SIGTERM)

    def start(name: str, value: str) -> str:
        monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as error:
            main()
        assert capsys.readouterr() == ("", "")
        (sentence,) = str(error.value.code).splitlines()
        return sentence

    yield start
    signal.signal(signal.SIGTERM, before)


def test_a_taken_port_is_refused(refusal: Refusal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])

        sentence = refusal("PORT", port)

    assert sentence.startswith(f"PORT={port} cannot be used (")
    assert "Address already in use" in sentence


@pytest.mark.parametrize("port", ["http", "-1", "70000", "", "8443.0"])
def test_a_port_that_is_none_is_refused(refusal: Refusal, port: str) -> None:
    assert refusal("PORT", port).startswith(f"PORT={port} cannot be used (")


@pytest.mark.parametrize("scheme", ["", "ftp", "HTTPS"])
def test_a_scheme_that_is_none_is_refused(refusal: Refusal, scheme: str) -> None:
    assert refusal("SCHEME", scheme).startswith(f"SCHEME={scheme}: give https, as deployed, or http")


class Functions:
    """The variables of Lambda's functions, until they are destroyed."""

    def __init__(self, *names: str) -> None:
        self.variables: dict[str, dict[str, str]] = {name: {"OF": name} for name in names}

    def get_function_configuration(self, *, FunctionName: str) -> Any:  # noqa: N803 - boto3's
        return {"Environment": {"Variables": self.variables[FunctionName]}}

    def update_function_configuration(self, *, FunctionName: str, Environment: Any) -> None:  # noqa: N803 - boto3's
        if FunctionName not in self.variables:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "UpdateFunctionConfiguration")
        self.variables[FunctionName] = Environment["Variables"]


SETTINGS_OF = ("api_function", "desk_jobs_function", "sign_in_function")


class Deployed(Stack):
    @property
    def outputs(self) -> Outputs:
        names: dict[str, Any] = {field.name: field.name for field in fields(Outputs) if field.type is str}
        return Outputs(**names)


@pytest.mark.parametrize("names", [[], ["api_function"], ["api_function", "sign_in_function"]])
def test_settings_end_with_the_block_also_of_a_stack_destroyed_meanwhile(names: list[str]) -> None:
    stack, functions = Deployed(Emulator(0, 0, Path(), Path(), Path())), Functions(*SETTINGS_OF)
    vars(stack)["aws"] = SimpleNamespace(client=lambda _: functions)

    with stack.with_settings({"MORE": "yes"}):
        assert {variables["MORE"] for variables in functions.variables.values()} == {"yes"}
        for name in names:
            del functions.variables[name]

    assert functions.variables == Functions(*sorted({*SETTINGS_OF} - set(names))).variables
