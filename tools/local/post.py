"""The post on this machine: takes jobs from the queue to the real handler, and shows the mails that SES took."""

import threading
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

from chalicelib.jobs.post import post
from tools.local.aws import LocalAws

_PAUSE = 0.1  # seconds between two looks into the queue


@dataclass(frozen=True)
class Mail:
    """A mail as its reader sees it."""

    to: str
    subject: str
    text: str
    html: str
    sent_at: str


def mails(aws: LocalAws) -> list[Mail]:
    """List the mails sent, newest last."""
    return [_mail(sent.raw_data) for sent in aws.sent_messages()]


def _mail(raw: str) -> Mail:
    message = message_from_string(raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the default policy makes these
    parts = {
        part.get_content_type(): part.get_content().replace("\r\n", "\n")
        for part in message.walk()
        if not part.is_multipart()
    }
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=parts["text/plain"],
        html=parts["text/html"],
        sent_at=parsedate_to_datetime(str(message["Date"])).isoformat(),
    )


class Consumer(threading.Thread):
    """What Lambda does with a queue: a job that fails stays there until its visibility timeout, and comes again."""

    def __init__(self, aws: LocalAws, queue_url: str) -> None:
        super().__init__(daemon=True)
        self._sqs = aws.client("sqs")
        self._queue_url = queue_url
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopped.wait(_PAUSE):
            self.work_once()

    def work_once(self) -> None:
        """Take what the queue has now."""
        answer = self._sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            event = {"Records": [{"body": message["Body"], "receiptHandle": message["ReceiptHandle"]}]}
            try:
                post(event, None)
            except Exception as error:  # noqa: BLE001 - as Lambda does: said, and the job comes again
                print(f"post: {type(error).__name__}: {error}", flush=True)
            else:
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def stop(self) -> None:
        """Stop, the job at hand finished."""
        self._stopped.set()
        self.join()
