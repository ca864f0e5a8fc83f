"""The rights of a person on call: sufficient for `make status`, and no family's data or secret."""

from fnmatch import fnmatchcase
from typing import Any

import pytest

from operations.deploy.status import show
from operations.package.template_files import read_template
from tests.support.deploy_policy import PROJECT, action_of
from tests.support.operator import LAMBDA, Operator, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

# `make status` does without these, and says so: their answers hold families' addresses or secrets.
WITHOUT = {"lambda:GetFunctionConfiguration", "ses:ListSuppressedDestinations", "ssm:GetParameter"}
READS = ("Describe*", "FilterLogEvents", "Get*", "List*", "LookupEvents", "StartQuery", "StopQuery", "ViewBudget")


def statements() -> list[dict[str, Any]]:
    template = read_template()
    policy: list[dict[str, Any]] = template["Resources"]["OnCallPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return policy


def actions() -> dict[str, Any]:
    """List the allowed actions, each with its resources."""
    return {
        action: statement["Resource"]
        for statement in statements()
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }


def test_make_status_asks_for_nothing_more_but_what_it_does_without(operator: Operator) -> None:
    operator.template = template(**LAMBDA)
    operator.deploy()
    looking, calls = operator.status(), set[str]()

    def note(**call: Any) -> None:
        calls.add(action_of(call["model"].service_model.service_name, call["model"].name))

    looking.session.register("before-call", note)
    show(looking, operator.stage, operator.output.append)
    calls |= {action_of(*call) for call in looking.operations}

    assert {"dynamodb:DescribeTable", "ses:GetAccount", "cloudwatch:GetMetricStatistics"} <= calls
    assert calls - actions().keys() - {"sts:GetCallerIdentity"} == WITHOUT


def test_it_reads_only_and_no_family_or_secret() -> None:
    rights = actions()

    assert not [name for name in rights if not any(fnmatchcase(name.partition(":")[2], verb) for verb in READS)]
    assert not [name for name in rights if "*" in name]
    assert {name for name in rights if name.startswith(("dynamodb:", "ssm:"))} == {
        *("dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:ListTables"),
        "ssm:DescribeParameters",
    }
    # By the stack's name, or without resource in IAM.
    places = [statement["Resource"] for statement in statements() if statement["Resource"] != "*"]
    wide = [place for place in places if "*" in str(place) and "${AWS::StackName}" not in str(place)]
    assert [str(place).rpartition("/")[0].rpartition("}")[2] for place in wide] == ["/restores", ":identity"]
    assert not any("Documents" in str(resource) for resource in rights.values())
    assert not WITHOUT & rights.keys()
    assert not {"kms:Decrypt", "lambda:GetFunction", "lambda:ListFunctions", "sqs:ReceiveMessage"} & rights.keys()
    (notice,) = [statement for statement in statements() if statement["Action"] == "dynamodb:GetItem"]
    assert notice["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["*"]}}


def test_guide_and_runbook_say_where_it_is() -> None:
    assert all("`OnCallPolicy`" in (PROJECT / f"docs/{name}.md").read_text("utf-8") for name in ("deploy", "runbook"))
