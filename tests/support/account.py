"""An AWS account for tests of the deployment, with fixed answers where moto has none."""

from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from moto.cloudformation.models import cloudformation_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from operations.deploy.aws import Aws
from tests.support.aws import TestAws

VERIFIED = {"VerifiedForSendingStatus": True}
SENDING = {
    "SendingEnabled": True,
    "ProductionAccessEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1_200.0},
}
ROOM = {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}}


@cache
def _clients(aws: TestAws) -> Callable[[str, str], Any]:
    """Return the clients that all operators of an AWS share: making one costs as much as ten calls."""
    return Aws("eu-west-3", aws.endpoint_url).client


class AnsweringAws(Aws):
    """`answers`: the result by name of the call, or a function that makes it."""

    def __init__(self, aws: TestAws, **answers: Any) -> None:
        super().__init__("eu-west-3", aws.endpoint_url)
        self.pause, self._common_client = 0, _clients(aws)
        self._answers = answers
        self.operations: set[tuple[str, str]] = set()  # service and operation

    def client(self, service: str, region: str | None = None) -> Any:
        # A session of its own has the handlers of a test.
        getter = super().client if "session" in vars(self) else self._common_client
        return _Client(getter(service, region or self.region), self._answers, self.operations)


class _Client:
    def __init__(self, real: Any, answers: dict[str, Any], operations: set[tuple[str, str]]) -> None:
        self._real = real
        self._answers = answers
        self._operations = operations

    def __getattr__(self, name: str) -> Any:
        if name in {"execute_change_set", "update_termination_protection", "delete_stack"}:
            return getattr(self, f"_{name}")
        if name not in self._answers:
            return getattr(self._real, name)
        meta = self._real.meta
        self._operations.add((meta.service_model.service_name, meta.method_to_api_mapping.get(name, name)))
        answer = self._answers[name]
        return answer if callable(answer) else lambda *_, **__: answer

    def _execute_change_set(self, **values: Any) -> None:
        """Execute a change set. Moto drops its outputs and parameters, and the recovery of its tables."""
        self._real.execute_change_set(**values)
        change_set = _backend().change_sets[values["ChangeSetName"]]
        stack = _backend().stacks[change_set.stack_id]
        stack._parse_template()  # noqa: SLF001 - moto has no public access
        stack.parameters = change_set.parameters
        stack.output_map = stack._create_output_map()  # noqa: SLF001 - the same
        for table in dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].tables.values():
            table.continuous_backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] = "ENABLED"

    def _update_termination_protection(self, **values: Any) -> None:
        """Switch a stack's termination protection, which moto does not implement."""
        _backend().get_stack(values["StackName"]).enable_termination_protection = values["EnableTerminationProtection"]

    def _delete_stack(self, **values: Any) -> None:
        """Delete a stack unless it is protected. Moto ignores the protection."""
        name = values["StackName"]
        if any(stack.enable_termination_protection for stack in _backend().stacks.values() if name in _names(stack)):
            words = f"Stack [{name}] cannot be deleted while TerminationProtection is enabled"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": words}}, "DeleteStack")
        self._real.delete_stack(**values)


def _names(stack: Any) -> set[str]:
    return {stack.name, stack.stack_id}


def _backend() -> Any:
    return cloudformation_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"]
