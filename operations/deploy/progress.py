"""Live progress: each event of a stack as it happens, and why it failed where it did."""

import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from operations.deploy.aws import Aws
from operations.deploy.commands import Tell
from operations.deploy.stack import StackState, find_stack

_ECHOES = ("cancelled", "canceled")  # « Resource creation cancelled »: another one failed first
_PATIENCE = 20  # looks without any event
_STACK = "AWS::CloudFormation::Stack"


class Leftover(NamedTuple):
    """A resource that a stack left behind: its logical name, its type, its name at AWS."""

    logical: str
    type: str
    name: str


@dataclass
class Progress:
    """Follows one stack from where it stands. `kept` are the resources that a deletion left.

    `failures` are the reasons of the resources that failed; `reason` is the whole stack's, if it failed without any.
    """

    aws: Aws
    stack_id: str
    tell: Tell
    failures: list[str] = field(default_factory=list)
    kept: list[Leftover] = field(default_factory=list)
    reason: str = ""
    _last: str | None = None

    def begin(self) -> "Progress":
        """Take what has happened until now as known."""
        events = self._events()
        self._last = events[-1]["EventId"] if events else None
        return self

    def follow(self, pause: float = 3) -> StackState:
        """Show the events until the stack rests; return the state it rests in."""
        quiet, has_begun = 0, False
        while True:
            # Right after the command its state may still be the former one: it rests when events came and no more do.
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
            time.sleep(pause)

    def _events(self) -> list[dict[str, Any]]:
        """List what happened since the last event known, oldest first."""
        found: list[dict[str, Any]] = []
        pages = self.aws.client("cloudformation").get_paginator("describe_stack_events")
        for page in pages.paginate(StackName=self.stack_id):
            for event in page["StackEvents"]:
                if event["EventId"] == self._last:
                    return found[::-1]
                found.append(event)
        return found[::-1]

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
        if status == "DELETE_SKIPPED":
            self.kept.append(Leftover(name, kind, event.get("PhysicalResourceId", "")))
