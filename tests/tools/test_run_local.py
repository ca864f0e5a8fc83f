"""`make run`: what it prints and serves, and how it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def started(port: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PORT": port, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.run_local"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def greeting(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    return "".join(lines)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with started("0") as process:
        yield greeting(process).split()[1].removesuffix("/extranet")


def read(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def test_the_families_to_try_cover_what_is_worth_trying(url: str) -> None:
    families = read(f"{url}/_local/familles.json")

    assert len(families) >= 12
    assert len({family["site"] for family in families}) == 5
    assert all({"site", "identifiant", "emails", "mot_de_passe"} <= family.keys() for family in families)
    identifiers = [family["identifiant"] for family in families]
    assert len(set(identifiers)) < len(identifiers)
    assert any(family["emails"] == [] for family in families)
    assert any(len(family["emails"]) == 2 for family in families)
    assert any(family["mot_de_passe"] is None for family in families)
    assert any("désactivé" in family["note"] for family in families)
    assert any("'" in family["nom"] and not family["nom"].isascii() for family in families)


def test_a_mail_is_shown_to_people_and_to_programs(url: str) -> None:
    form = b"identifiant=GOU1001&email=lavandier%40example.org"
    urllib.request.urlopen(f"{url}/extranet/compte/mot-de-passe-perdu", form, timeout=10).close()
    mails: list[dict[str, str]] = []
    while not mails:
        mails = read(f"{url}/_local/courrier.json")

    assert mails[-1].keys() == {"to", "subject", "text", "html", "sent_at"}
    assert mails[-1]["to"] == "lavandier@example.org"
    assert "\r" not in mails[-1]["text"]
    with urllib.request.urlopen(f"{url}/_local/courrier", timeout=10) as answer:
        assert mails[-1]["subject"].replace("'", "&#39;") in answer.read().decode()


def test_what_is_running_is_told_at_local(url: str) -> None:
    with urllib.request.urlopen(f"{url}/_local/", timeout=10) as answer:
        assert "Famille Lavandier" in answer.read().decode()


def test_what_an_operator_s_command_needs_is_told_at_local(url: str) -> None:
    with urllib.request.urlopen(f"{url}/_local/stage.json", timeout=10) as answer:
        stage = json.load(answer)

    assert stage["environment"]["CLEF_PUBLIC_URL"] == url
    assert {"CLEF_OFFICE_TABLE", "CLEF_DOCUMENTS_BUCKET", "CLEF_MAIL_QUEUE_URL", "CLEF_ENDPOINT_URL"} <= set(
        stage["environment"]
    )
    assert {"credentials", "region", "pages_bucket"} <= set(stage)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(stop: signal.Signals) -> None:
    with started("0") as process:
        greeting(process)
        process.send_signal(stop)
        out, err = process.communicate(timeout=20)

    assert (process.returncode, err) == (0, "")
    assert out.endswith("Clef s'est arrêté.\n")


def test_a_taken_port_gets_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with started(str(port)) as process:
            out, err = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "")
    assert err == f"Port {port} cannot be used (Address already in use): try `make run PORT={port + 1}`.\n"


@pytest.mark.parametrize("port", ["http", "-1", "70000", ""])
def test_a_port_that_is_none_gets_one_clear_sentence(port: str) -> None:
    with started(port) as process:
        _, err = process.communicate(timeout=20)

    assert process.returncode == 1
    assert err.startswith(f"PORT={port} is not a port")
    assert err.count("\n") == 1
