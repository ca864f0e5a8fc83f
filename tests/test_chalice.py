"""Chalice's own commands: each refuses before it serves, writes or calls anything."""

import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen

from operations.package import PROJECT

REFUSAL = "Instead of Chalice's commands, type `make run`, `make package` or `make deploy` (README.md).\n"


def test_the_commands_of_chalice_refuse_in_one_sentence_before_anything_is_made(tmp_path: Path) -> None:
    """`local` too, whose parent process ends with its worker."""
    folder, chalice = tmp_path / "out", Path(sys.executable).with_name("chalice")
    environment = os.environ | {"AWS_DEFAULT_REGION": "eu-west-3", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    commands = [["local", "--port", "0"], ["package", "--stage", "prod", str(folder)], ["deploy", "--stage", "prod"]]

    running = [
        Popen([chalice, *command], cwd=PROJECT, env=environment, text=True, stdout=PIPE, stderr=PIPE)
        for command in commands
    ]

    assert [process.communicate(timeout=120) for process in running] == [("", REFUSAL)] * len(commands)
    paths = {folder, PROJECT / ".chalice/deployed", PROJECT / ".chalice/deployments"}
    assert [path for path in paths if path.exists()] == []
