"""Fixtures: the stack deployed into the emulator once (`--stack`), its breaker, visitors by HTTP and in Chromium."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from operations.deploy.keys import KEYS, RECORD_KEY
from operations.package import LIBRARIES, PROJECT
from tests.support.breaker import Breaker
from tests.support.stack import NEW, Deployed
from tests.support.stack_operator import Operator
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import STAGE, Stack


@pytest.fixture(scope="session")
def stack(running: Deployed) -> Stack:
    return running.stack


@pytest.fixture(scope="session")
def second(stack: Stack) -> Iterator[Stack]:
    """Promote the stack's bytes to a second stage with its secrets, without families. It is destroyed at the end."""
    stack_here, ssm = replace(stack, stage="local-2"), stack.aws.client("ssm")
    for key in (RECORD_KEY, KEYS):  # as docs/export.md says
        secret = ssm.get_parameter(Name=f"/clef/{stack.stage}/{key}", WithDecryption=True)["Parameter"]["Value"]
        ssm.put_parameter(Name=f"/clef/{stack_here.stage}/{key}", Value=secret, Type="SecureString")
    stack_here.promote(stack.stage)
    yield stack_here
    process = stack_here.command("operations.deploy.destroy", answers=f"{stack_here.stage}\n")
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy the project as another version with a mark on every page."""
    ignore = shutil.ignore_patterns(".git", ".venv*", "build", "__pycache__", ".*_cache", ".hypothesis")
    copy = shutil.copytree(PROJECT, tmp_path / "clef", symlinks=True, ignore=ignore)
    LIBRARIES.mkdir(parents=True, exist_ok=True)
    (copy / "build").mkdir()
    (copy / "build/libraries").symlink_to(LIBRARIES)
    base = copy / "templates/family/base.html"
    base.write_text(base.read_text("utf-8").replace("</body>", f"{NEW}</body>"), "utf-8")
    return copy


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    return Visitor(stack)


@pytest.fixture
def breaker(stack: Stack) -> Breaker:
    return Breaker(stack)


@pytest.fixture
def on_call(stack: Stack) -> Iterator[Operator]:
    [state] = stack.aws.client("cloudformation").describe_stacks(StackName=f"clef-{STAGE}")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in state["Outputs"]}
    operator_here = Operator(stack, "on-call", outputs["OnCallPolicy"])
    yield operator_here
    operator_here.leave()


@pytest.fixture(scope="module")
def operator(stack: Stack) -> Iterator[Operator]:
    [state] = stack.aws.client("cloudformation").describe_stacks(StackName=f"clef-{STAGE}")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in state["Outputs"]}
    operator_here = Operator(stack, "secretary", outputs["OperatorPolicy"])
    yield operator_here
    operator_here.leave()
