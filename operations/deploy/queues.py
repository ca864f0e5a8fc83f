"""The queues of a stage: waiting mails and jobs, and dead letters."""

from collections.abc import Iterator

from operations.deploy.aws import Aws
from operations.deploy.checks import Deployed, Fault

_ALL = tuple(f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed"))  # of a queue


def queue_status(deployed: Deployed) -> Iterator[str]:
    """Count waiting mails and jobs, with those in flight and delayed. A dead letter is a fault."""
    aws, outputs = deployed.aws, deployed.outputs
    waiting = [f"{_count(aws, outputs.mail_queue_url, *_ALL):,} in MailQueue (passwords, codes, jobs of the desk)"]
    if outputs.slow_mail_queue_url:
        count = _count(aws, outputs.slow_mail_queue_url, *_ALL)
        waiting.append(f"{count:,} in SlowMailQueue (receipts, decisions, notices)")
    yield f"Mails that wait: {', '.join(waiting)}"
    letters = _count(aws, outputs.mail_dead_letters_url, "ApproximateNumberOfMessages")
    yield Fault(f"Dead letters: {letters} (docs/runbook.md, « Dead letters »)") if letters else "Dead letters: 0"


def _count(aws: Aws, queue_url: str, *names: str) -> int:
    answer = aws.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(names))
    return sum(int(answer["Attributes"][name]) for name in names)
