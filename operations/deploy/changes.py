"""Changes to a stack: proposed, confirmed and followed event by event. A failed one is rolled back."""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations.deploy.aws import Aws, message_of
from operations.deploy.commands import DENIAL, DETACH, NotReady, Stopped, Tell
from operations.deploy.stack import StackState, find_stack

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]  # the stack makes roles, and SAM expands the template
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_SECONDS = 600
_QUEUE = "AWS::SQS::Queue"
_ECHOES = ("cancelled", "canceled")  # « Resource creation cancelled »: another resource failed first
_PATIENCE = 20  # polls without any event
_STACK = "AWS::CloudFormation::Stack"
_UNVERIFIED = "your account must be verified before you can add new cloudfront resources"
_VERIFY = (
    "What to do: AWS has not verified this account for CloudFront yet. Nothing is wrong with the deployment: ask for "
    "it in the console, « Support Center », « Create case », « Account and billing » (free), with that message; "
    "docs/deploy.md, step 3, has the words. Once AWS has answered, run the same command again."
)


@dataclass(frozen=True)
class StackTarget:
    """The template, or its URL, and the parameters that the stack is to have.

    `imports`: existing resources, the only change.
    """

    template: str
    parameters: Mapping[str, str] = field(repr=False)
    imports: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class ResourceChange:
    """A change to one resource."""

    action: str  # Add, Modify, Remove…
    resource: str
    type: str
    replacement: str  # True, False, Conditional, or empty

    def line(self) -> str:
        """Format the change. A replacement is marked: AWS makes a new resource and deletes the former one."""
        mark = {"True": "  REPLACED", "Conditional": "  may be replaced"}.get(self.replacement, "")
        if self.type == _QUEUE and (self.action == "Remove" or mark):
            mark += "  MAILS THAT WAIT IN IT ARE LOST (how many: make status)"
        return f"  {self.action:<8} {self.type:<38} {self.resource}{mark}"


@dataclass(frozen=True)
class ChangeSet:
    """A change set ready to be executed."""

    id: str
    stack_id: str
    changes: tuple[ResourceChange, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """Its identifiers in a call. The stack is one of them because IAM may restrict these calls by stack."""
        return {"ChangeSetName": self.id, "StackName": self.stack_id}


def propose(aws: Aws, stack: str, target: StackTarget, *, is_new: bool) -> ChangeSet | None:
    """Make a change set. None if there is nothing to change. Raises `Stopped` if AWS refuses the template."""
    cloudformation = aws.client("cloudformation")
    tags = [{"Key": "service", "Value": "clef"}, {"Key": "stage", "Value": stack.removeprefix("clef-")}]
    kind: dict[str, Any] = {"ChangeSetType": "CREATE" if is_new else "UPDATE", "Tags": tags}
    if target.imports:  # which may not add tags: the ordinary change does
        kind = {"ChangeSetType": "IMPORT", "ResourcesToImport": target.imports}
    try:
        answer = cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName=f"clef-{uuid.uuid4().hex}",
            **kind,
            **{"TemplateURL" if target.template.startswith("https://") else "TemplateBody": target.template},
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in target.parameters.items()],
            Capabilities=_CAPABILITIES,
        )
    except ClientError as error:
        if any(words in str(error) for words in _NO_CHANGES):
            return None
        raise Stopped(f"CloudFormation refused the template: {message_of(error)}") from error
    change_set = ChangeSet(answer["Id"], answer["StackId"])
    description = _wait(aws, change_set)
    if description["Status"] == "FAILED":
        reason = description.get("StatusReason", "no reason given")
        is_needless = any(words in reason for words in _NO_CHANGES)
        causes = [] if is_needless else list(_causes(aws, change_set))
        cloudformation.delete_change_set(**change_set.names)
        if is_needless:
            return None
        raise Stopped("\n".join([f"CloudFormation refused the change set: {reason}", *causes]))
    return replace(change_set, changes=tuple(_changes(aws, change_set)))


def _wait(aws: Aws, change_set: ChangeSet) -> dict[str, Any]:
    until = time.monotonic() + _SECONDS
    while True:
        description: dict[str, Any] = aws.client("cloudformation").describe_change_set(**change_set.names)
        if description["Status"] in {"CREATE_COMPLETE", "FAILED"}:
            return description
        if time.monotonic() > until:
            raise Stopped("CloudFormation takes over ten minutes to make the change set: try again later.")
        time.sleep(aws.pause)


def _changes(aws: Aws, change_set: ChangeSet) -> Iterator[ResourceChange]:
    pages = aws.client("cloudformation").get_paginator("describe_change_set").paginate(**change_set.names)
    for resource in (change["ResourceChange"] for page in pages for change in page.get("Changes", [])):
        names = resource["LogicalResourceId"], resource["ResourceType"]
        yield ResourceChange(resource["Action"], *names, resource.get("Replacement", ""))


def _causes(aws: Aws, change_set: ChangeSet) -> Iterator[str]:
    """List validation errors by resource: the change set's own reason does not include them."""
    with suppress(BotoCoreError, ClientError):  # then there is only the reason above
        pages = aws.client("cloudformation").get_paginator("describe_events").paginate(ChangeSetName=change_set.id)
        for event in (event for page in pages for event in page["OperationEvents"]):
            if event["EventType"] == "VALIDATION_ERROR" and event.get("ValidationFailureMode") == "FAIL":
                yield f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event['ValidationStatusReason']}"


@dataclass
class Progress:
    """Follow one stack from its current state.

    `failures` are the reasons of the resources that failed. `reason` is the whole stack's, if no resource has one.
    """

    aws: Aws
    stack_id: str
    tell: Tell
    failures: list[str] = field(default_factory=list)
    reason: str = ""
    _last: str | None = None

    def begin(self) -> "Progress":
        """Treat all events until now as known."""
        events = self._events()
        self._last = events[-1]["EventId"] if events else None
        return self

    def follow(self) -> StackState:
        """Show the events until the stack is stable, and return its state."""
        quiet, has_begun = 0, False
        while True:
            # Right after the command the state may still be the former one: the stack is stable once events came and
            # stopped.
            state = find_stack(self.aws, self.stack_id)
            events = self._events()
            for event in events:
                self._last = event["EventId"]
                self._take(event)
            has_begun = has_begun or bool(events)
            quiet = 0 if events else quiet + 1
            if state is None or state.status == "DELETE_COMPLETE":
                return state or StackState(self.stack_id, "", "DELETE_COMPLETE", "", {})
            if quiet and (has_begun or quiet > _PATIENCE) and not (state.is_moving or state.is_new):
                return state
            time.sleep(self.aws.pause)

    def _events(self) -> list[dict[str, Any]]:
        """List the events since the last known one, oldest first."""
        pages = self.aws.client("cloudformation").get_paginator("describe_stack_events")
        newest_first = (event for page in pages.paginate(StackName=self.stack_id) for event in page["StackEvents"])
        return list(takewhile(lambda event: event["EventId"] != self._last, newest_first))[::-1]

    def _take(self, event: dict[str, Any]) -> None:
        status, kind, name = event["ResourceStatus"], event["ResourceType"], event["LogicalResourceId"]
        reason = event.get("ResourceStatusReason", "")
        has_failed = status.endswith("_FAILED")
        self.tell(
            f"  {event['Timestamp']:%H:%M:%S}  {status:<28} {kind:<38} {name}" + (f": {reason}" if has_failed else "")
        )
        if has_failed and kind == _STACK:
            self.reason = self.reason or reason
        elif has_failed and not any(word in reason for word in _ECHOES):
            self.failures.append(f"{name} ({kind}): {reason or 'AWS gives no reason'}")


@dataclass(frozen=True)
class Update:
    """Change one stack and show its progress."""

    aws: Aws
    stack: str
    tell: Tell

    def bring_to(self, target: StackTarget, confirm: Callable[[ChangeSet], bool]) -> StackState:
        """Bring the stack to a target, and return its state. Raises `NotReady` if refused, `Stopped` if it failed.

        If `confirm` returns False or raises `NotReady`, the stack is unchanged.
        """
        before = find_stack(self.aws, self.stack)
        is_new = before is None or before.is_new
        change_set = propose(self.aws, self.stack, target, is_new=is_new)
        if change_set is None:
            self.tell("  nothing to change")
            return self._current()
        try:
            if not confirm(change_set):
                raise NotReady("Not confirmed: the stack is as it was.")  # noqa: TRY301 - dropped like any other refusal
        except NotReady:
            self.aws.client("cloudformation").delete_change_set(**change_set.names)
            if is_new:  # a stack that has only a name
                self.aws.client("cloudformation").delete_stack(StackName=change_set.stack_id)
            raise
        return self._execute(change_set, is_new=is_new)

    def take_back(self, target: StackTarget) -> None:
        """Import resources into the stack, or into a new one. Raises `Stopped` if AWS refused."""
        change_set = propose(self.aws, self.stack, target, is_new=False)
        if change_set:
            self._execute(change_set, is_new=True)

    def clear(self) -> None:
        """Delete a stack that never came up. It holds nothing, or only tables and documents, which it retains."""
        before = find_stack(self.aws, self.stack)
        if before and not before.inputs:
            self.tell("  clearing what the failed first deployment left")
            self.delete(before.id)

    def delete(self, stack_id: str) -> None:
        """Delete a stack. Raises `Stopped` if AWS could not."""
        progress = Progress(self.aws, stack_id, self.tell).begin()
        self.aws.client("cloudformation").delete_stack(StackName=stack_id)
        after = progress.follow()
        if after.status != "DELETE_COMPLETE":
            raise Stopped(failure_report(f"The stack could not be deleted ({after.status})", progress, after))

    def _execute(self, change_set: ChangeSet, *, is_new: bool) -> StackState:
        progress = Progress(self.aws, change_set.stack_id, self.tell).begin()
        self.aws.client("cloudformation").execute_change_set(**change_set.names)
        after = progress.follow()
        if not after.is_well:
            sentence = "nothing serves yet" if is_new else "the version before serves on, with its pages"
            raise Stopped(failure_report(f"The deployment failed ({after.status}); {sentence}", progress, after))
        return after

    def _current(self) -> StackState:
        state = find_stack(self.aws, self.stack)
        if state is None:
            raise Stopped(f"The stack {self.stack} went away meanwhile: run the same command again.")
        return state


def failure_report(title: str, progress: Progress, after: StackState) -> str:
    """Explain a failure: the reasons of the resources that failed, and advice where only AWS can help."""
    causes = progress.failures or [progress.reason or after.reason or "AWS gives no reason"]
    text = "\n".join(causes).lower()
    advice = [advice for words, advice in ((_UNVERIFIED, _VERIFY), (DENIAL, DETACH)) if words in text]
    return "\n".join([f"{title}. Why:", *(f"  {cause}" for cause in causes), *advice])


HELD = ("AWS::DynamoDB::Table", "AWS::CloudFront::Distribution")  # its name is the address of a stage without a domain
DOCUMENTS = "Documents"  # the only bucket whose content cannot be made from this repository


def stack_policy(template: str) -> str:
    """Write the policy by which CloudFormation, and its console, refuse to delete or replace families' data."""
    resources = json.loads(template)["Resources"].items()
    held_names = [name for name, resource in resources if resource["Type"] in HELD]
    names = [f"LogicalResourceId/{name}" for name in (*held_names, DOCUMENTS)]
    anyone = {"Principal": "*"}
    allow = {"Effect": "Allow", **anyone, "Action": "Update:*", "Resource": "*"}
    deny = {"Effect": "Deny", **anyone, "Action": ["Update:Replace", "Update:Delete"], "Resource": names}
    return json.dumps({"Statement": [allow, deny]})


def is_held(resource: str, policy: str) -> bool:
    """Check whether a stack policy names a resource."""
    return f'"LogicalResourceId/{resource}"' in policy


def losses(changes: Iterable[ResourceChange], policy: str) -> list[str]:
    """List the changes that a stack policy denies. CloudFormation refuses each of them halfway through the update."""
    return [
        change.line()
        for change in changes
        if is_held(change.resource, policy)
        and (change.action in {"Remove", "Dynamic"} or change.replacement in {"True", "Conditional"})
    ]
