"""Progress: each event is shown once, and a failure with the resource that caused it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from operations.deploy.changes import Progress, ResourceChange, failure_report
from operations.deploy.commands import DETACH
from operations.deploy.stages import Stage, load_stage
from operations.deploy.status import show
from tests.support.account import AnsweringAws
from tests.support.aws import TestAws

STACK = "arn:aws:cloudformation:eu-west-3:123456789012:stack/clef-prod/1"


class Pages:
    def __init__(self, *events: dict[str, Any]) -> None:
        self._events = list(events)

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        yield {"StackEvents": self._events[::-1]}


def event(number: int, name: str, status: str, reason: str = "", kind: str = "AWS::SQS::Queue") -> dict[str, Any]:
    return {
        "EventId": str(number),
        "Timestamp": datetime(2026, 9, 1, 7, 0, number, tzinfo=UTC),
        "LogicalResourceId": name,
        "ResourceType": kind,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


@pytest.fixture
def account(aws: TestAws) -> AnsweringAws:
    stack = {"StackId": STACK, "StackName": "clef-prod", "StackStatus": "UPDATE_ROLLBACK_COMPLETE"}
    events = Pages(
        event(1, "MailQueue", "UPDATE_IN_PROGRESS"),
        event(2, "MailQueue", "UPDATE_FAILED", "Visibility timeout is too long"),
        event(3, "Pages", "UPDATE_FAILED", "Resource update cancelled", "AWS::S3::Bucket"),
        event(4, "clef-prod", "UPDATE_ROLLBACK_COMPLETE", "", "AWS::CloudFormation::Stack"),
    )
    return AnsweringAws(aws, describe_stacks={"Stacks": [stack]}, get_paginator=events)


def test_a_failure_is_told_by_its_own_reason_and_not_by_its_echoes(account: AnsweringAws) -> None:
    lines: list[str] = []
    progress = Progress(account, STACK, lines.append)

    after = progress.follow()

    assert not after.is_well
    assert len(lines) == 4
    assert lines[1].startswith("  07:00:02  UPDATE_FAILED")
    assert progress.failures == ["MailQueue (AWS::SQS::Queue): Visibility timeout is too long"]
    assert failure_report("It failed", progress, after) == f"It failed. Why:\n  {progress.failures[0]}"


def test_a_stack_that_fails_without_a_resource_is_told_by_its_own_reason(aws: TestAws) -> None:
    stack = {"StackId": STACK, "StackName": "clef-prod", "StackStatus": "UPDATE_ROLLBACK_COMPLETE"}
    events = Pages(event(1, "clef-prod", "UPDATE_FAILED", "Validation failed", "AWS::CloudFormation::Stack"))
    progress = Progress(
        AnsweringAws(aws, describe_stacks={"Stacks": [stack]}, get_paginator=events), STACK, lambda _: None
    )

    after = progress.follow()

    assert failure_report("It failed", progress, after) == "It failed. Why:\n  Validation failed"


NOT_VERIFIED = (
    "Access denied for operation 'AWS::CloudFront::Distribution: Your account must be verified before you can add new "
    "CloudFront resources. To verify your account, please contact AWS Support "
    "(https://console.aws.amazon.com/support/home#/) and include this error message.' (RequestToken: 1)"
)


def failed(aws: TestAws, name: str, kind: str, reason: str) -> str:
    """Report a first deployment in which a resource failed."""
    stack = {"StackId": STACK, "StackName": "clef-prod", "StackStatus": "ROLLBACK_COMPLETE"}
    events = Pages(event(1, name, "CREATE_FAILED", reason, kind))
    progress = Progress(
        AnsweringAws(aws, describe_stacks={"Stacks": [stack]}, get_paginator=events), STACK, lambda _: None
    )
    return failure_report("It failed", progress, progress.follow())


@pytest.mark.parametrize("name", ["Distribution", "Front", "PagesAccess"])
def test_an_account_that_is_not_verified_for_the_cdn_is_told_what_to_ask_aws(aws: TestAws, name: str) -> None:
    report = failed(aws, name, f"AWS::CloudFront::{name}", NOT_VERIFIED)

    assert NOT_VERIFIED in report
    assert report.splitlines()[-1].startswith("What to do: AWS has not verified this account for CloudFront yet.")
    assert "Support Center" in report
    assert "docs/deploy.md, step 3" in report


def test_a_denial_says_which_policy_is_to_be_detached(aws: TestAws) -> None:
    why = "not authorized to perform: iam:PutRolePolicy with an explicit deny in an identity-based policy"
    assert failed(aws, "Role", "AWS::IAM::Role", why).endswith(f"\n{DETACH}")


def test_another_refusal_of_the_cdn_is_not_taken_for_that_one(aws: TestAws) -> None:
    report = failed(
        aws, "Distribution", "AWS::CloudFront::Distribution", "Access denied for operation CreateDistribution."
    )

    assert "What to do" not in report


def test_what_happened_before_is_not_told_again(account: AnsweringAws) -> None:
    lines: list[str] = []

    Progress(account, STACK, lines.append).begin().follow()

    assert lines == []


def test_a_replacement_stands_out() -> None:
    assert ResourceChange("Modify", "Accounts", "AWS::DynamoDB::Table", "True").line().endswith("Accounts  REPLACED")
    assert ResourceChange("Modify", "Accounts", "AWS::DynamoDB::Table", "False").line().endswith("Accounts")


def test_status_of_a_stage_that_is_not_there_says_how_to_deploy_it(aws: TestAws) -> None:
    lines: list[str] = []
    assert show(AnsweringAws(aws), Stage("prod", load_stage("local").settings), lines.append) == 1
    assert lines[0].startswith("prod is not deployed: make deploy STAGE=prod")
    assert len(lines) == 1
