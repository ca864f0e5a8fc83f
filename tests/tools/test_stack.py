"""`make stack`: a setting that is none gets one clear sentence, before anything is started."""

import os
import socket
import subprocess
import sys

import pytest

from tools.package import PROJECT


def refusal(**settings: str) -> str:
    """Start it with settings that it refuses; give what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.stack"],
        cwd=PROJECT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_a_taken_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        sentence = refusal(PORT=port)

    assert sentence.startswith(f"PORT={port} cannot be used (")
    assert "Address already in use" in sentence


@pytest.mark.parametrize("port", ["http", "-1", "70000", "", "8443.0"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert refusal(PORT=port).startswith(f"PORT={port} cannot be used (")


@pytest.mark.parametrize("scheme", ["", "ftp", "HTTPS"])
def test_a_scheme_that_is_none_is_refused(scheme: str) -> None:
    assert refusal(SCHEME=scheme).startswith(f"SCHEME={scheme}: give https, as deployed, or http")
