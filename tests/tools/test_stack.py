"""`make stack`: an invalid setting gets one clear sentence, before anything is started."""

import signal
import socket
from collections.abc import Callable, Iterator

import pytest

from tools.stack.__main__ import main

Refusal = Callable[[str, str], str]


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Refusal]:
    """Start it with a setting that it refuses, and return its message on exit, which makes the code 1."""
    before = signal.getsignal(signal.SIGTERM)

    def start(name: str, value: str) -> str:
        monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as exited:
            main()
        assert capsys.readouterr() == ("", "")
        (sentence,) = str(exited.value.code).splitlines()
        return sentence

    yield start
    signal.signal(signal.SIGTERM, before)


def test_a_taken_port_is_refused(refusal: Refusal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        sentence = refusal("PORT", port)

    assert sentence.startswith(f"PORT={port} cannot be used (")
    assert "Address already in use" in sentence


@pytest.mark.parametrize("port", ["http", "-1", "70000", "", "8443.0"])
def test_a_port_that_is_none_is_refused(refusal: Refusal, port: str) -> None:
    assert refusal("PORT", port).startswith(f"PORT={port} cannot be used (")


@pytest.mark.parametrize("scheme", ["", "ftp", "HTTPS"])
def test_a_scheme_that_is_none_is_refused(refusal: Refusal, scheme: str) -> None:
    assert refusal("SCHEME", scheme).startswith(f"SCHEME={scheme}: give https, as deployed, or http")
