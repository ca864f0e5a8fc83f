"""The post box: posts jobs to the queues (SQS), with a slow one for those that can wait. `work/post.py` handles them.

A job of the desk (`work/long_jobs.py`) has no queue of its own, which Lambda would poll all year (decision 125): its
message is in the urgent queue, which keeps its delay, and `work/post.py` starts its worker.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.batches import batches
from chalicelib.mail.jobs import QueuedJob

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.literals import QueueAttributeNameType

NO_DELAY = timedelta(0)
_AT_ONCE = 10  # the limit of SendMessageBatch


class PostBox:
    """Posts jobs: all those of one call, or raises `Unavailable`."""

    def __init__(
        self,
        client: "Callable[[], SQSClient]",
        queue_url: str,
        slow_queue_url: str,
        functions: Callable[[], Any],  # the client of Lambda, also on first use
    ) -> None:
        self._client = client  # called on first use: most logins post no job, and need not load SQS
        self._queue_urls = {False: queue_url, True: slow_queue_url}  # by whether a job can wait
        self._functions = functions

    def post(self, *jobs: QueuedJob, delay: timedelta = NO_DELAY) -> None:
        """Post jobs, ten in a call. The consumer sees them after the delay."""
        for can_wait, queue_url in self._queue_urls.items():
            same_kind = [job for job in jobs if job.can_wait is can_wait]
            for batch in batches(same_kind, _AT_ONCE):
                self._post(queue_url, [job.to_json() for job in batch], delay)

    def wake_desk_job(self, job: str, tries: int = 0, delay: timedelta = NO_DELAY) -> None:
        """Have a worker continue a job of the desk. `tries`: its failures in a row so far."""
        message = {"kind": "desk_job", "job": job, "tries": tries}  # `DeskJobDue`, which no family's function loads
        self._post(self._queue_urls[False], [json.dumps(message)], delay)

    def start(self, function: str | None, event: Mapping[str, Any]) -> None:
        """Start a run of a function, without waiting for it. Raises `Unavailable`."""
        try:
            self._functions().invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event))
        except Exception as error:
            raise Unavailable(f"lambda {type(error).__name__}") from error

    def waiting(self) -> int:
        """Count the jobs queued or in progress in both queues, as nearly as SQS knows. Raises `Unavailable`."""
        return sum(map(self._waiting, set(self._queue_urls.values())))

    def _waiting(self, queue_url: str) -> int:
        names: tuple[QueueAttributeNameType, ...] = (
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        )
        try:
            answer = self._client().get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
            return sum(int(answer["Attributes"][name]) for name in names)
        except Exception as error:  # the call fails, or its answer is invalid
            raise Unavailable(f"sqs {type(error).__name__}") from error

    def _post(self, queue_url: str, messages: Sequence[str], delay: timedelta) -> None:
        bodies = {str(number): body for number, body in enumerate(messages)}
        seconds = int(delay.total_seconds())
        try:
            answer = self._client().send_message_batch(
                QueueUrl=queue_url,
                Entries=[
                    {"Id": number, "MessageBody": body, "DelaySeconds": seconds} for number, body in bodies.items()
                ],
            )
            ids = {entry["Id"] for entry in answer["Successful"]}
        except Exception as error:  # the call fails, or its answer is invalid
            raise Unavailable(f"sqs {type(error).__name__}") from error
        if answer.get("Failed") or ids != set(bodies):
            raise Unavailable("sqs took a part of a batch only")
