"""How many requests run at once: what a stage reserves, held against the model, the quota, and what is deployed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from operations.deploy.aws import Aws, message_of
from operations.deploy.capacity import GATEWAY_LOGINS, MINUTE, at_once, logins_a_second
from operations.deploy.commands import command
from operations.deploy.stages import Stage

UNRESERVED: Final = 100  # what Lambda keeps of an account's concurrency for functions that reserve none

_USUAL: Final = 1000


@dataclass(frozen=True)
class Concurrency:
    """An account's quota, what is still free of it, what is reserved now and what is to be; for how many families."""

    limit: int
    unreserved: int
    reserved: int
    wanted: int
    families: int | None
    beside: int = 0  # what new families' own function is to reserve

    @property
    def free(self) -> int:
        """What may be reserved: what is reserved already counts as free."""
        return self.unreserved - UNRESERVED + self.reserved

    @property
    def quota_to_ask(self) -> int:
        """The quota that holds what is wanted beside all that is reserved; at least what AWS gives by itself."""
        return max(_USUAL, self.limit - self.free + self.wanted + self.beside)

    @property
    def by_model(self) -> int | None:
        """What the model asks for; None where nobody said for how many families."""
        return at_once(self.families) if self.families else None

    def disagreements(self) -> Iterator[str]:
        """List where the caps and the quota are not what the model asks for."""
        if self.by_model is None:
            if self.wanted:
                yield (
                    f"stages.toml reserves {self.wanted:,} concurrent executions and does not say for how many "
                    "families: give families and leave reserved_concurrency out, to reserve what the model asks for "
                    "(docs/scale.md)."
                )
        elif not self.wanted and self.limit < self.by_model:
            yield (
                f"this account runs {self.limit:,} functions at once, the model asks for {self._request}: ask for more "
                "(console « Service Quotas », AWS Lambda, « Concurrent executions »; free)."
            )
        elif self.wanted not in {0, self.by_model}:
            yield (
                f"stages.toml reserves {self.wanted:,} concurrent executions, about {logins_a_second(self.wanted):,} "
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


def read_concurrency(aws: Aws, stage: Stage, function: str | None, beside: str = "") -> Concurrency:
    """Ask Lambda for the account's quota, and for what deployed functions reserve. Raises botocore's errors.

    `beside`: new families' own function, where it is deployed: what it reserves counts as free too.
    """
    functions = aws.client("lambda")
    limit = functions.get_account_settings()["AccountLimit"]
    held, held_beside = (
        functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions", 0) if name else 0
        for name in (function, beside)
    )
    return Concurrency(
        limit["ConcurrentExecutions"],
        limit["UnreservedConcurrentExecutions"] + held_beside,
        held,
        stage.settings.reserved_concurrency,
        stage.settings.families,
        stage.settings.applicant_concurrency,
    )


def concurrency_lines(aws: Aws, stage: Stage, function: str) -> Iterator[str]:
    """Compare, for `make status`, what is deployed with what the stage says, the model and the quota."""
    if not stage.settings.reserved_concurrency and not stage.settings.families:
        return
    try:
        found = read_concurrency(aws, stage, function)
    except ClientError as error:
        yield f"Concurrency: could not be looked at ({error.operation_name}: {message_of(error)})"
        return
    by_model = "" if found.by_model is None else f"{found.by_model:,} by the model, "
    yield f"Concurrency: {found.reserved:,} reserved, {found.wanted:,} by stages.toml, {by_model}{found.limit:,} in all"
    if found.reserved != found.wanted:
        deploy = command("deploy", stage.name, aws)
        yield f"  Warning: {found.reserved:,} are deployed and stages.toml reserves {found.wanted:,}: {deploy}"
    for sentence in found.disagreements():
        yield f"  Warning: {sentence}"
