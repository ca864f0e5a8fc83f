"""Reserved concurrency of a stage, compared with the model, the quota and the deployed value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from operations.deploy.aws import Aws
from operations.deploy.capacity import GATEWAY_LOGINS, MINUTE, at_once, logins_a_second
from operations.deploy.checks import Deployed, Fault
from operations.deploy.commands import command
from operations.deploy.stages import Stage

UNRESERVED: Final = 100  # concurrency that Lambda keeps for functions without a reservation

_USUAL: Final = 1000


@dataclass(frozen=True)
class Concurrency:
    """An account's quota and free concurrency, the stage's reservation now and as configured, and its families."""

    limit: int
    unreserved: int
    current: int
    target: int
    families: int | None
    beside: int = 0  # reservation configured for the functions beside the families' own
    reserved_beside: int = 0  # and their reservations now

    @property
    def free(self) -> int:
        """The concurrency that may be reserved. The current reservation counts as free."""
        return self.unreserved - UNRESERVED + self.current

    @property
    def quota_to_ask(self) -> int:
        """The quota that fits the wanted reservation beside all others, at least AWS's default."""
        return max(_USUAL, self.limit - self.free + self.target + self.beside)

    @property
    def by_model(self) -> int | None:
        """The model's value. None if the number of families is not configured."""
        return at_once(self.families) if self.families else None

    def disagreements(self) -> Iterator[str]:
        """List where the caps and the quota differ from the model."""
        if self.by_model is None:
            if self.target:
                yield (
                    f"stages.toml reserves {self.target:,} concurrent executions and does not say for how many "
                    "families: give families and leave reserved_concurrency out, to reserve what the model asks for "
                    "(docs/scale.md)."
                )
        elif not self.target and self.limit < self.by_model:
            yield (
                f"this account runs {self.limit:,} functions at once, the model asks for {self._request}: ask for more "
                "(console « Service Quotas », AWS Lambda, « Concurrent executions »; free)."
            )
        elif self.target not in {0, self.by_model}:
            yield (
                f"stages.toml reserves {self.target:,} concurrent executions, about {logins_a_second(self.target):,} "
                f"logins a second; the model asks for {self._request}: leave reserved_concurrency out to reserve that."
            )

        if self.families and self.families > GATEWAY_LOGINS * MINUTE:
            yield (
                f"the gateway lets {GATEWAY_LOGINS} logins a second through, and {self.families:,} families within a "
                f"minute are {self.families / MINUTE:,.0f}: raise both limits of .chalice/resources.yaml by the table "
                "of docs/scale.md."
            )

    @property
    def _request(self) -> str:
        return f"{self.by_model:,} for {self.families:,} families (docs/scale.md)"


def read_concurrency(aws: Aws, stage: Stage, function: str | None, *beside: str) -> Concurrency:
    """Ask Lambda for the account's quota and the reservations of deployed functions. Raises botocore's errors.

    `beside`: those beside the families' own, if deployed. Their reservations count as free too.
    """
    functions = aws.client("lambda")
    limit = functions.get_account_settings()["AccountLimit"]
    reservation, *reserved_beside = (
        functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions", 0) if name else 0
        for name in (function, *beside)
    )
    return Concurrency(
        limit["ConcurrentExecutions"],
        limit["UnreservedConcurrentExecutions"] + sum(reserved_beside),
        reservation,
        stage.settings.reserved_concurrency,
        stage.settings.families,
        stage.settings.beside,
        sum(reserved_beside),
    )


def concurrency_status(deployment: Deployed) -> Iterator[str]:
    """Compare the deployed reservation with the stage's, the model and the quota."""
    aws, stage, outputs = deployment.aws, deployment.stage, deployment.outputs
    quota = read_concurrency(aws, stage, outputs.api_function, *outputs.beside)
    if not any((quota.target, quota.families, quota.current, quota.reserved_beside)):
        return
    by_model = "" if quota.by_model is None else f"{quota.by_model:,} by the model, "
    yield f"Concurrency: {quota.current:,} reserved, {quota.target:,} by stages.toml, {by_model}{quota.limit:,} in all"
    deploy = command("deploy", stage.name, aws, "--settings")
    if quota.current != quota.target:
        yield Fault(f"  Warning: {quota.current:,} are deployed and stages.toml reserves {quota.target:,}: {deploy}")
    if outputs.sign_in_function and quota.reserved_beside != quota.beside:
        reason = f"stages.toml reserves {quota.beside:,} for the stage's other functions"
        yield Fault(f"  Warning: {quota.reserved_beside:,} are deployed and {reason}: {deploy}")
    for sentence in quota.disagreements():
        yield f"  Warning: {sentence}"
