"""A second stage runs the very bytes of the first, and returns to its former ones."""

import base64
from typing import Any

import pytest

from tests.support.stack_visitor import Visitor
from tools.stack.deployed import Stack

pytestmark = pytest.mark.e2e


def digests(stack: Stack) -> dict[str, str]:
    """Read the SHA-256 of each function's zip from Lambda."""
    pages = stack.aws.client("cloudformation").get_paginator("list_stack_resources").paginate(
        StackName=f"clef-{stack.stage}"
    )  # fmt: skip
    held: list[dict[str, Any]] = [resource for page in pages for resource in page["StackResourceSummaries"]]
    functions = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in held
        if resource["ResourceType"] == "AWS::Lambda::Function"
    }
    return {
        function: base64.b64decode(
            stack.aws.client("lambda").get_function_configuration(FunctionName=name)["CodeSha256"]
        ).hex()
        for function, name in functions.items()
    }


def test_a_promoted_stage_runs_the_same_bytes_at_its_own_address_without_families(stack: Stack, second: Stack) -> None:
    first = digests(stack)

    assert len(first) >= 8
    assert digests(second) == first
    assert second.outputs.accounts_table != stack.outputs.accounts_table
    assert Visitor(stack).log_in("villabe-yves-henry", "DUO6002", "Triangle4Vif").status == 303
    assert Visitor(second).log_in("villabe-yves-henry", "DUO6002", "Triangle4Vif").status == 401
    assert "nothing to change" in second.promote(stack.stage)
