"""Faults of the deployed stack, one at a time, each undone afterwards."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tools.stack.deployed import Stack

PATIENCE = 120  # seconds: a busy machine is slow, a broken stack never answers


def wait_for(act: Callable[[], Any]) -> Any:
    """Wait for a truthy result, and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (result := act()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return result


class Breaker:
    """Breaks the deployed stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.outputs = stack.outputs
        self.sqs = stack.aws.client("sqs")
        self._lambda = stack.aws.client("lambda")

    @contextmanager
    def role_without(self, function: str, service: str) -> Iterator[None]:
        """Remove a service from a function's role inside the block."""
        iam = self._stack.aws.client("iam")
        role = self._lambda.get_function_configuration(FunctionName=function)["Role"].rpartition("/")[2]
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        whole = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        less = [statement for statement in whole["Statement"] if not statement["Action"][0].startswith(f"{service}:")]
        assert len(less) < len(whole["Statement"])
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**whole, "Statement": less}))
        try:
            yield
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(whole))

    @contextmanager
    def with_settings(self, function: str, **variables: str) -> Iterator[None]:
        """Run a function with other settings inside the block."""
        before = self._lambda.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
        self._configure(function, before | variables)
        try:
            yield
        finally:
            self._configure(function, before)

    @contextmanager
    def without_capacity(self, function: str) -> Iterator[None]:
        """Leave a function without concurrency inside the block."""
        before = self._lambda.get_function_concurrency(FunctionName=function).get("ReservedConcurrentExecutions")
        self._lambda.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        try:
            yield
        finally:
            if before is None:
                self._lambda.delete_function_concurrency(FunctionName=function)
            else:
                self._lambda.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=before)

    @contextmanager
    def impatient_queue(self) -> Iterator[None]:
        """Make a failed job visible after a second, not after three minutes, inside the block.

        It waits until earlier jobs have left, which would fail too. Absences may remain, as they wait for an hour.
        """
        url = self.outputs.mail_queue_url
        wait_for(lambda: all("due_at" in job["Body"] for job in self.jobs(url)))
        before = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
        try:
            yield
        finally:
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes=before)

    @contextmanager
    def idle_consumer(self) -> Iterator[None]:
        """Disable the consumer of the queues inside the block."""
        answer = self._lambda.list_event_source_mappings(FunctionName=self.outputs.post_function)
        mappings = [mapping["UUID"] for mapping in answer["EventSourceMappings"]]
        for mapping in mappings:
            self._lambda.update_event_source_mapping(UUID=mapping, Enabled=False)
        try:
            yield
        finally:
            for mapping in mappings:
                self._lambda.update_event_source_mapping(UUID=mapping, Enabled=True)

    def publish(self, name: str, message: str) -> None:
        """Publish to a topic of the template as AWS would, because the emulator does not."""
        cloudformation = self._stack.aws.client("cloudformation")
        answer = cloudformation.describe_stack_resource(StackName="clef-local", LogicalResourceId=name)
        topic = answer["StackResourceDetail"]["PhysicalResourceId"]
        self._stack.aws.client("sns").publish(
            TopicArn=topic,
            Subject="Amazon SES Email Event Notification",
            Message=message,
            # AWS passes an empty list of attributes to a function. MiniStack passes none, but Chalice requires one.
            MessageAttributes={"emulated": {"DataType": "String", "StringValue": "yes"}},
        )

    def jobs(self, url: str) -> list[dict[str, Any]]:
        """Read the messages of a queue without receiving them."""
        accounts: dict[str, Any] = self._stack.emulator.read_page(f"sqs/messages?QueueUrl={url}")["messages"]
        return [job for regions in accounts.values() for queues in regions.values() for job in queues.get(url, [])]

    def _configure(self, function: str, variables: dict[str, str]) -> None:
        self._lambda.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
