"""What an operator does with the deployed stack, and what the stack tells an operator."""

import json
from typing import Any

import pytest

from tests.support.breaker import wait_for
from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e

PASSWORD = "Triangle4Vif"


def record(stack: Stack) -> list[str]:
    logs = stack.aws.client("logs")
    names = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    found = [logs.filter_log_events(logGroupName=name, limit=10_000)["events"] for name in names]
    return [event["message"] for events in found for event in events]


def resources(stack: Stack) -> dict[str, Any]:
    pages = stack.aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName="clef-local")
    return {resource["LogicalResourceId"]: resource for page in pages for resource in page["StackResourceSummaries"]}


def test_deploying_again_changes_nothing(stack: Stack, visitor: Visitor) -> None:
    before = resources(stack)

    said = stack.deploy()

    assert "nothing to change" in said
    assert "0 assets and 0 pages of" in said
    assert resources(stack) == before
    assert visitor.log_in("villabe-yves-henry", "DUO6002", PASSWORD).status == 303


def test_the_cdns_secret_is_changed_while_families_come(stack: Stack, visitor: Visitor) -> None:
    parameters = stack.aws.client("ssm")
    before = parameters.get_parameter(Name="/clef/local/cdn-secret", WithDecryption=True)["Parameter"]["Value"]

    done = stack.command("operations.deploy", "--yes", "--rotate-secret")

    assert done.returncode == 0, done.stdout + done.stderr
    after = parameters.get_parameter(Name="/clef/local/cdn-secret", WithDecryption=True)["Parameter"]["Value"]
    assert after != before
    assert visitor.log_in("villabe-yves-henry", "DUO6002", PASSWORD).status == 303


def test_the_status_of_the_stage_is_told(stack: Stack) -> None:
    done = stack.command("operations.deploy.status")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_record_says_who_came_without_their_secrets(stack: Stack, visitor: Visitor) -> None:
    visitor.log_in("villabe-yves-henry", "DUO6002", PASSWORD)
    visitor.ask_for_password("DUO6002", "olivier@example.fr")

    lines = wait_for(lambda: [line for line in record(stack) if '"reset_asked"' in line] and record(stack))

    events = {json.loads(line)["event"] for line in lines if line.startswith("{")}
    assert {"login_ok", "reset_asked"} <= events
    assert not [line for line in lines if PASSWORD in line or "olivier@" in line or "DUO6002" in line]


def test_every_resource_of_the_template_is_there(stack: Stack) -> None:
    states = {resource["ResourceStatus"] for resource in resources(stack).values()}

    assert states <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
