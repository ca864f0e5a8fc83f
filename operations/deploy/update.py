"""A change to the stack: proposed, confirmed, followed to its end; a failed one leaves what served before."""

from collections.abc import Callable
from dataclasses import dataclass

from operations.deploy.aws import Aws
from operations.deploy.change_set import ChangeSet, Target, propose
from operations.deploy.commands import NotReady, Stopped, Tell
from operations.deploy.progress import Progress
from operations.deploy.stack import StackState, find_stack

_UNVERIFIED = "your account must be verified before you can add new cloudfront resources"
_VERIFY = (
    "What to do: AWS has not verified this account for CloudFront yet. Nothing is wrong with the deployment: ask for "
    "it in the console, « Support Center », « Create case », « Account and billing » (free), with that message; "
    "docs/deploy.md, step 3, has the words. Once AWS has answered, run the same command again."
)
_UNMADE = {"ROLLBACK_COMPLETE", "CREATE_FAILED"}  # a first deployment that failed: nothing but its name is left


@dataclass(frozen=True)
class Update:
    """Changes one stack, and tells how it goes; `pause` are the seconds between two looks."""

    aws: Aws
    stack: str
    tell: Tell
    pause: float

    def bring_to(self, target: Target, confirm: Callable[[ChangeSet], bool]) -> StackState:
        """Bring the stack to a target; return its state. Raises `NotReady` when refused, `Stopped` when it failed.

        `confirm` says no, or raises `NotReady`: the stack is then as it was.
        """
        before = find_stack(self.aws, self.stack)
        if before and before.status in _UNMADE:
            self.tell("  clearing what the failed first deployment left")
            self.delete(before.id)
            before = None
        is_new = before is None or before.is_new
        change_set = propose(self.aws, self.stack, target, is_new=is_new, pause=self.pause)
        if change_set is None:
            self.tell("  nothing to change")
            return self._current()
        try:
            if not confirm(change_set):
                raise NotReady("Not confirmed: the stack is as it was.")  # noqa: TRY301 - dropped as any other refusal
        except NotReady:
            self._drop(change_set, is_new=is_new)
            raise
        return self._execute(change_set, is_new=is_new)

    def delete(self, stack_id: str) -> Progress:
        """Delete a stack; return what happened. Raises `Stopped` when AWS could not."""
        progress = Progress(self.aws, stack_id, self.tell).begin()
        self.aws.client("cloudformation").delete_stack(StackName=stack_id)
        after = progress.follow(self.pause)
        if after.status != "DELETE_COMPLETE":
            raise Stopped(failure_report(f"The stack could not be deleted ({after.status})", progress, after))
        return progress

    def _execute(self, change_set: ChangeSet, *, is_new: bool) -> StackState:
        progress = Progress(self.aws, change_set.stack_id, self.tell).begin()
        change_set.execute()
        after = progress.follow(self.pause)
        if not after.is_well:
            left = "nothing serves yet" if is_new else "the version before serves on, with its pages"
            raise Stopped(failure_report(f"The deployment failed ({after.status}); {left}", progress, after))
        return after

    def _drop(self, change_set: ChangeSet, *, is_new: bool) -> None:
        change_set.discard()
        if is_new:  # the name of a stack that never was
            self.aws.client("cloudformation").delete_stack(StackName=change_set.stack_id)

    def _current(self) -> StackState:
        state = find_stack(self.aws, self.stack)
        if state is None:
            raise Stopped(f"The stack {self.stack} went away meanwhile: run the same command again.")
        return state


def failure_report(what: str, progress: Progress, after: StackState) -> str:
    """Explain what happened: the reasons of the resources that failed, and what to do where only AWS can help."""
    causes = progress.failures or [progress.reason or after.reason or "AWS gives no reason"]
    advice = [_VERIFY] if any(_UNVERIFIED in cause.lower() for cause in causes) else []
    return "\n".join([f"{what}. Why:", *(f"  {cause}" for cause in causes), *advice])
