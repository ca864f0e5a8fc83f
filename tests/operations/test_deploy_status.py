"""`make status`: checks, with their lines and the exit code."""

import pytest

from operations.deploy.commands import FAILED, OK
from operations.deploy.status import show
from tests.support.aws import TestAws
from tests.support.operator import Operator, template

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse AWS..Serverless")

LAMBDA = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    },
    "Calendars": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": "pass"},
            "Handler": "index.main",
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
}


def status(operator: Operator) -> tuple[int, list[str]]:
    lines: list[str] = []
    return show(operator.status(), operator.stage, lines.append), lines


def test_a_check_that_aws_refuses_is_not_well_and_the_others_are_shown(operator: Operator, aws: TestAws) -> None:
    operator.deploy()
    assert status(operator)[0] == OK

    with aws.failing("GetQueueAttributes", "before", error=(400, "AccessDenied")):
        exit_code, lines = status(operator)

    assert exit_code == FAILED
    assert [line for line in lines if line.startswith("Mails: could not be looked at (GetQueueAttributes: ")]
    assert "Versions:" in lines


def test_versions_are_of_every_function_of_the_stack(operator: Operator) -> None:
    operator.template = template(**LAMBDA)
    operator.deploy()

    assert "  clef-api: commit unknown, package 000000, changed 2026-09-01T07:00" in status(operator)[1]
