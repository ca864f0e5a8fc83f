"""`make run`: its output, its pages, and how it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from operations.version import checkout_mark
from tests.support.french import plain
from tests.support.service import Running
from tools.local import __main__ as run_local

ROOT = Path(__file__).parents[2]


@contextmanager
def started() -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PORT": "0", "PYTHONUNBUFFERED": "1", "START": "bare"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.local"],
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


def wait_for_the_greeting(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    greeting = list(iter(process.stdout.readline, "Ctrl-C pour arrêter.\n"))
    url = greeting[0].split()[1].removesuffix("/extranet")
    assert f"Commandes     export CLEF_STAGE=local CLEF_LOCAL={url}\n" in greeting
    return url


A_PAGE = b"GET /extranet HTTP/1.1\r\nHost: clef\r\n\r\n"
HALF_SENT = b"Host: clef\r\nExpect: 100-continue\r\nContent-Length: 99\r\n"
HALF_A_FORM = b"POST /extranet/compte/connexion HTTP/1.1\r\n" + HALF_SENT + b"\r\nsite="
HALF_AN_UPLOAD = (
    b"POST /clef-documents HTTP/1.1\r\n" + HALF_SENT + b"Content-Type: multipart/form-data; boundary=a\r\n\r\n--a"
)


@pytest.fixture
def url(running: Running) -> str:
    return running.url


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


@pytest.mark.parametrize("kind", ["", "?dans=73"])
def test_the_hour_s_job_runs_when_it_is_asked_for(url: str, kind: str) -> None:
    with urllib.request.urlopen(f"{url}/_local/heure{kind}", b"", timeout=10) as answer:
        assert answer.status == 204


def test_a_mail_is_shown_to_people_and_to_programs(url: str) -> None:
    form = b"identifiant=MAG2001&email=bruyere%40example.org"
    urllib.request.urlopen(f"{url}/extranet/compte/mot-de-passe-perdu", form, timeout=10).close()
    mail = Running(url).mail_to("bruyere@example.org", "Votre mot de passe")

    assert mail.keys() == {"to", "subject", "text", "html", "sent_at"}
    assert "\r" not in mail["text"]
    with urllib.request.urlopen(f"{url}/_local/courrier", timeout=10) as answer:
        assert mail["subject"] in plain(answer.read().decode())


def test_what_is_running_is_told_at_local(url: str) -> None:
    with urllib.request.urlopen(f"{url}/_local/", timeout=10) as answer:
        assert "Famille Lavandier" in answer.read().decode()


def test_what_an_operator_s_command_needs_is_told_at_local(url: str) -> None:
    with urllib.request.urlopen(f"{url}/_local/stage.json", timeout=10) as answer:
        stage = json.load(answer)

    assert stage["environment"]["CLEF_PUBLIC_URL"] == url.replace("localhost", "127.0.0.1")
    variables = {"CLEF_OFFICE_TABLE", "CLEF_DOCUMENTS_BUCKET", "CLEF_MAIL_QUEUE_URL", "CLEF_SLOW_MAIL_QUEUE_URL"}
    assert variables | {"CLEF_ENDPOINT_URL"} <= set(stage["environment"])
    assert {"credentials", "region", "pages_bucket"} <= set(stage)
    assert stage["checkout"] == checkout_mark()
    assert str(ROOT) not in json.dumps(stage)


def test_it_stops_at_once_when_the_machine_shuts_down_whatever_it_holds() -> None:
    """Ctrl-C is covered by the fixture `running`, which stops every service by it."""
    with started() as process, ExitStack() as stack:
        url = wait_for_the_greeting(process)
        storage = read(f"{url}/_local/stage.json")["environment"]["CLEF_ENDPOINT_URL"]
        for address, content in ((url, HALF_A_FORM), (storage, HALF_AN_UPLOAD), (url, A_PAGE)):
            host, port = address.removeprefix("http://").split(":")
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=0.5))
            connection.sendall(content)
            with suppress(TimeoutError):  # the page waits behind the upload
                connection.recv(1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=4)  # half an upload would hold it for ever, a request for five seconds

    assert (process.returncode, err) == (0, "")
    assert out.endswith("Clef s'est arrêté.\n")


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Start it with a port that it refuses, and return its message on exit, which makes the code 1."""

    def start(port: str) -> str:
        monkeypatch.setenv("PORT", port)
        with pytest.raises(SystemExit) as error:
            run_local.main()
        return str(error.value.code)

    return start


def test_a_taken_port_gets_one_clear_sentence(refusal: Callable[[str], str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        message = refusal(str(port))

    assert message == f"Port {port} cannot be used (Address already in use): try `make run PORT={port + 1}`."


@pytest.mark.parametrize("port", ["http", "-1", "70000", ""])
def test_a_port_that_is_none_gets_one_clear_sentence(port: str, refusal: Callable[[str], str]) -> None:
    message = refusal(port)

    assert message.startswith(f"PORT={port} is not a port")
    assert "\n" not in message
