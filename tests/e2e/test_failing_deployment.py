"""A failing deployment: the operator sees the reason, and the former version still serves, with its pages."""

import re
from pathlib import Path

import pytest

from operations.deploy.stack import find_stack
from tests.support.stack import NEW
from tests.support.stack_visitor import HOME, Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

OF_THE_BUCKET = ["/extranet", "/extranet/usager", "/extranet/aide"]
OF_THE_FUNCTION = f"{HOME}/famille"
FAMILY = ("villabe-yves-henry", "DUO6002", "Triangle4Vif")
# The signal that it waits for never comes. It is made once functions and distribution are the new ones.
FAILS = """
  NobodyTells:
    Type: AWS::CloudFormation::WaitConditionHandle

  NeverComes:
    Type: AWS::CloudFormation::WaitCondition
    DependsOn: [APIHandler, Post, Bounces, Distribution]
    Properties: {Handle: !Ref NobodyTells, Timeout: "1"}
"""


def read_pages(visitor: Visitor) -> list[str]:
    """Log in, and read a family's pages, without the session's form proof and the pages' own address.

    A command of the office knows the emulator by its plain address, and publishes pages with it.
    """
    assert visitor.log_in(*FAMILY).status == 303
    pages = [visitor.get(path).text for path in [*OF_THE_BUCKET, OF_THE_FUNCTION]]
    return [re.sub(r'(?<=name="jeton" value=")[^"]+|https?://[\w.-]+\.net(:\d+)?', "", page) for page in pages]


def state(stack: Stack) -> str:
    stack_state = find_stack(stack.aws, "clef-local")
    assert stack_state
    return stack_state.status


def test_a_failed_deployment_changes_nothing_and_the_next_works(stack: Stack, visitor: Visitor, tree: Path) -> None:
    resources = tree / ".chalice/resources.yaml"
    whole = resources.read_text("utf-8")
    before = read_pages(visitor)
    assert not [page for page in before if NEW in page]

    resources.write_text(whole.replace("\nParameters:\n", f"{FAILS}\nParameters:\n"), "utf-8")
    process = stack.command("operations.deploy", "--yes", project=tree)

    assert process.returncode == 1, process.stdout + process.stderr
    assert "the version before serves on" in process.stdout
    assert "NeverComes (AWS::CloudFormation::WaitCondition): WaitCondition timed out" in process.stdout
    assert re.search(r"UPDATE_COMPLETE +AWS::Lambda::Function +APIHandler\n", process.stdout)  # and was rolled back
    assert "4. Publishing the pages" not in process.stdout
    assert state(stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert read_pages(visitor) == before

    resources.write_text(whole, "utf-8")
    retry = stack.command("operations.deploy", "--yes", project=tree)

    assert retry.returncode == 0, retry.stdout + retry.stderr
    assert [page for page in read_pages(visitor) if NEW not in page] == []
    back = stack.command("operations.deploy.rollback", "--yes")
    assert back.returncode == 0, back.stdout + back.stderr
    assert read_pages(visitor) == before
