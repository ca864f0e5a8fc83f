"""Checks of a deployed stage: each yields the lines that `make status` shows. A `Fault` among them means not well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from chalicelib.domain.refusals import Unavailable
from operations.deploy.aws import Aws, message_of
from operations.deploy.stack import Outputs, StackState
from operations.deploy.stages import Stage


@dataclass(frozen=True)
class Deployed:
    """The subject of the checks: a stage with its stack's state. `subscribes`: `--subscribe` was given."""

    aws: Aws
    stage: Stage
    state: StackState
    outputs: Outputs
    now: datetime
    subscribes: bool = False


class Fault(str):
    """A line about a fault, with which `make status` exits with 1."""

    __slots__ = ()


Check = Callable[[Deployed], Iterator[str]]


def run_check(subject: str, check: Check, deployment: Deployed) -> Iterator[str]:
    """Run a check. AWS's refusal of one of its calls is a fault."""
    try:
        yield from check(deployment)
    except ClientError as error:
        yield Fault(f"{subject}: could not be looked at ({error.operation_name}: {message_of(error)})")
    except Unavailable as error:
        yield Fault(f"{subject}: could not be looked at ({error})")
