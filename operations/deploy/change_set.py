"""Change sets: what CloudFormation would do, shown before it is done."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations.deploy.aws import Aws, message_of
from operations.deploy.commands import Stopped

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]  # it makes roles, and SAM expands it
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_SECONDS = 600
_QUEUE = "AWS::SQS::Queue"


@dataclass(frozen=True)
class Target:
    """What the stack shall become."""

    template_url: str
    parameters: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    action: str  # Add, Modify, Remove…
    resource: str
    type: str
    replacement: str  # True, False, Conditional, or empty
    fate: str = ""  # what becomes of the former resource, where AWS says it: Retain, ReplaceAndRetain, Delete…

    def line(self) -> str:
        """Show it; a replacement stands out: the resource is made anew and the former one goes."""
        mark = {"True": "  REPLACED", "Conditional": "  may be replaced"}.get(self.replacement, "")
        if self.type == _QUEUE and (self.action == "Remove" or mark):
            mark += "  MAILS THAT WAIT IN IT ARE LOST (how many: make status)"
        return f"  {self.action:<8} {self.type:<38} {self.resource}{mark}"


@dataclass(frozen=True)
class ChangeSet:
    """A change set that waits to be executed."""

    aws: Aws
    id: str
    stack_id: str
    changes: tuple[Change, ...]

    def execute(self) -> None:
        """Let CloudFormation do it."""
        self.aws.client("cloudformation").execute_change_set(ChangeSetName=self.id, StackName=self.stack_id)

    def discard(self) -> None:
        """Drop it: nothing happens."""
        _discard(self.aws, {"ChangeSetName": self.id, "StackName": self.stack_id})


def propose(aws: Aws, stack: str, target: Target, *, is_new: bool, pause: float) -> ChangeSet | None:
    """Make a change set; None when there is nothing to change. Raises `Stopped` when AWS refuses the template."""
    cloudformation = aws.client("cloudformation")
    try:
        made = cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=f"clef-{uuid.uuid4().hex}",
            ChangeSetType="CREATE" if is_new else "UPDATE",
            TemplateURL=target.template_url,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in target.parameters.items()],
            Capabilities=_CAPABILITIES,
            Tags=[{"Key": "service", "Value": "clef"}, {"Key": "stage", "Value": stack.removeprefix("clef-")}],
        )
    except ClientError as error:
        if any(words in str(error) for words in _NO_CHANGES):
            return None
        raise Stopped(f"CloudFormation refused the template: {message_of(error)}") from error
    # Named with its stack, which is what IAM may hold these calls against.
    named = {"ChangeSetName": made["Id"], "StackName": made["StackId"]}
    described = _wait(aws, named, pause)
    if described["Status"] == "FAILED":
        reason = described.get("StatusReason", "no reason given")
        is_needless = any(words in reason for words in _NO_CHANGES)
        causes = [] if is_needless else _causes(aws, made["Id"])
        _discard(aws, named)
        if is_needless:
            return None
        raise Stopped("\n".join([f"CloudFormation refused the change set: {reason}", *causes]))
    return ChangeSet(aws, made["Id"], made["StackId"], tuple(_changes(aws, named)))


def _wait(aws: Aws, named: Mapping[str, str], pause: float) -> dict[str, Any]:
    until = time.monotonic() + _SECONDS
    while True:
        described: dict[str, Any] = aws.client("cloudformation").describe_change_set(**named)
        if described["Status"] in {"CREATE_COMPLETE", "FAILED"}:
            return described
        if time.monotonic() > until:
            raise Stopped("CloudFormation takes over ten minutes to make the change set: try again later.")
        time.sleep(pause)


def _changes(aws: Aws, named: Mapping[str, str]) -> list[Change]:
    pages = aws.client("cloudformation").get_paginator("describe_change_set").paginate(**named)
    found = [change["ResourceChange"] for page in pages for change in page.get("Changes", [])]
    return [
        Change(
            change["Action"],
            change["LogicalResourceId"],
            change["ResourceType"],
            change.get("Replacement", ""),
            change.get("PolicyAction", ""),
        )
        for change in found
    ]


def _causes(aws: Aws, change_set: str) -> list[str]:
    """List what is wrong with which resource: of what it found before any change, the reason above says nothing."""
    try:
        pages = aws.client("cloudformation").get_paginator("describe_events")
        found = [event for page in pages.paginate(ChangeSetName=change_set) for event in page["OperationEvents"]]
    except (BotoCoreError, ClientError):  # the reason above is all there is, then
        return []
    return [
        f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event['ValidationStatusReason']}"
        for event in found
        if event["EventType"] == "VALIDATION_ERROR" and event.get("ValidationFailureMode") == "FAIL"
    ]


def _discard(aws: Aws, named: Mapping[str, str]) -> None:
    aws.client("cloudformation").delete_change_set(**named)
