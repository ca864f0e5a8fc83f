"""Stages of several networks: one command for all, each with its own file, and releases that stay at their network."""

import os
import subprocess
import sys
from argparse import Namespace
from types import SimpleNamespace

import pytest

from chalicelib.settings.source import NETWORK_FILE
from operations.deploy import commands
from operations.deploy.aws import Aws
from operations.deploy.commands import FAILED, OK, UNHEARD, NotReady
from operations.deploy.promote import check_network
from operations.deploy.release import Release
from operations.deploy.stages import Stage, StageSettings
from operations.version import PROJECT

SETTINGS = {
    "region": "eu-west-3",
    "domain": "",
    "sender_identity": "extranet.example.fr",
    "alarm_email": "astreinte@example.org",
    "monthly_budget": 10,
    "reserved_concurrency": 0,
}
NAMES = ["a-prod", "b-prod", "c-prod"]
WELL, BAD, LATER = "well", "failed", "not begun"


@pytest.mark.parametrize(
    ("codes", "stops", "ends"),
    [
        ([OK, UNHEARD, OK], True, [WELL, "well, but its alarms are not confirmed", WELL]),
        ([OK, FAILED, OK], True, [WELL, BAD, LATER]),
        ([FAILED, OK, OK], True, [BAD, LATER, LATER]),
        ([FAILED, OK, OK], False, [BAD, WELL, WELL]),
    ],
)
@pytest.mark.usefixtures("capsys")
def test_stages_go_one_after_the_other_until_one_fails(
    codes: list[int], *, stops: bool, ends: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[list[str]] = []
    lines: list[str] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        starts.append(command)
        return SimpleNamespace(returncode=codes[len(starts) - 1])

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(commands, "names_of", lambda _: NAMES)
    monkeypatch.setattr(commands, "check_stages", lambda _: None)
    monkeypatch.setattr(commands, "tell", lines.append)
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "operations.deploy", "all-prod", "--yes"])

    code = commands.run(Namespace(stage="all-prod"), lambda *_: OK, stops=stops)

    stages = [name for name, end in zip(NAMES, ends, strict=True) if end != LATER]
    assert code == (FAILED if FAILED in codes else UNHEARD)
    assert starts == [[sys.executable, "-m", "operations.deploy", name, "--yes"] for name in stages]
    assert lines[-3:] == [f"{name}: {end}" for name, end in zip(NAMES, ends, strict=True)]


def test_no_stage_begins_while_another_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a stage began"))
    monkeypatch.setattr(commands, "names_of", lambda _: NAMES)

    assert commands.run(Namespace(stage="all-prod"), lambda *_: OK) == commands.REFUSED
    assert capsys.readouterr().out.count("has no table [") == len(NAMES)


def test_a_command_starts_again_with_the_network_of_its_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    starts: list[tuple[list[str], str]] = []

    def start(_: str, words: list[str], variables: dict[str, str]) -> None:
        starts.append((words, variables["CLEF_NETWORK_FILE"]))

    monkeypatch.setattr(os, "execve", start)
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "operations.deploy.status", "prod"])
    file = "chalicelib/settings/network.toml"

    commands.use_network(Stage("prod", StageSettings.model_validate(SETTINGS)))
    assert starts == []
    commands.use_network(Stage("prod", StageSettings.model_validate(SETTINGS | {"network": file})))

    assert starts == [([sys.executable, "-m", "operations.deploy.status", "prod"], str(PROJECT / file))]
    assert PROJECT / file != NETWORK_FILE


def test_a_release_is_not_promoted_to_a_stage_of_another_network() -> None:
    file = "tests/data/network.toml"
    stage = Stage("b-prod", StageSettings.model_validate(SETTINGS | {"network": file}))
    release = Release(version="1", commit="abc1234", architecture="x86_64", template="", packages={}, pages="")

    with pytest.raises(NotReady, match=rf"with network\.toml, and b-prod has {file}: check abc1234 out"):
        check_network(release, Aws("eu-west-3"), stage)
    check_network(release.model_copy(update={"network": file}), Aws("eu-west-3"), stage)
