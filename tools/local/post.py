"""Mail on this machine: passes jobs and SES's events to the real handlers, and lists the mails that SES accepted."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from chalicelib.work.bounces import bounces
from chalicelib.work.long_jobs import desk_jobs
from chalicelib.work.post import post
from tools.local.aws import LocalAws
from tools.local.functions import Functions
from tools.local.ses import Ses

_PAUSE = 0.1  # seconds between two polls
BATCH = 10  # jobs that a queue returns in one call at most
Handler = Callable[[dict[str, Any], object], object]  # with Lambda's signature


@dataclass(frozen=True)
class Mail:
    """A mail as its recipient sees it."""

    to: str
    subject: str
    text: str
    html: str
    sent_at: str


def mails(aws: LocalAws, but_first: int = 0) -> list[Mail]:
    """List the mails sent, newest last, without so many of the oldest."""
    return [_mail(sent.raw_data) for sent in aws.sent_messages()[but_first:]]


@lru_cache(512)  # pages and tests read the same mails again and again
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


class Worker(threading.Thread):
    """A thread that works until the process ends. It holds `working` during a batch."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.working = threading.Lock()

    def run(self) -> None:
        """Work, with a short pause when idle."""
        while True:
            with self.working:
                is_done = self.is_idle() or not self.work_once()
            if is_done:
                time.sleep(_PAUSE)

    def is_idle(self) -> bool:
        """Whether nothing is pending, if that is known without a request."""
        return False

    def work_once(self) -> int:
        """Process the pending jobs, and return their count. 0 means idle: the next call comes after a pause."""
        raise NotImplementedError


class Consumer(Worker):
    """Lambda's role for a queue: a failed job stays there until its visibility timeout, and is received again."""

    def __init__(self, aws: LocalAws, queue_url: str, handle: Handler = post) -> None:
        super().__init__()
        self._aws = aws
        self._sqs = aws.client("sqs")
        self._queue_url = queue_url
        self._handler = handle

    def is_idle(self) -> bool:
        """Look into the queue: 30 requests a second would take a tenth of a processor."""
        return not self._aws.has_messages(self._queue_url)

    def work_once(self) -> int:
        """Process one batch at most of the queue, and return its size."""
        answer = self._sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=BATCH)
        messages = answer.get("Messages", [])
        jobs = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if self._is_done(message)
        ]
        if jobs:
            self._sqs.delete_message_batch(QueueUrl=self._queue_url, Entries=jobs)
        return len(messages)

    def _is_done(self, message: dict[str, Any]) -> bool:
        event = {"Records": [{"body": message["Body"], "receiptHandle": message["ReceiptHandle"]}]}
        try:
            self._handler(event, None)
        except Exception as error:  # noqa: BLE001 - as Lambda does: logged, and the job is received again
            print(f"{type(self).__name__.lower()}: {type(error).__name__}: {error}", flush=True)
            return False
        return True


class DeskWorker(Worker):
    """Lambda's role for the desk's jobs. A failed event is dropped: a member of staff wakes the job."""

    def __init__(self, functions: Functions, handle: Handler = desk_jobs) -> None:
        super().__init__()
        self._functions = functions
        self._handler = handle

    def work_once(self) -> int:
        """Run the function for the oldest event."""
        if not self._functions.events:
            return 0
        try:
            self._handler(self._functions.events.popleft(), None)
        except Exception as error:  # noqa: BLE001 - as Lambda does: logged
            print(f"deskworker: {type(error).__name__}: {error}", flush=True)
        return 1


class DeliveryEvents(Worker):
    """The role of SES, its topic and Lambda: each mail's event comes soon after it, and again if it fails."""

    def __init__(self, ses: Ses) -> None:
        super().__init__()
        self._ses = ses

    def work_once(self) -> int:
        """Pass on the events of the mails accepted so far. Those of later mails wait for the next call."""
        for _ in range(len(self._ses.mails)):
            mail = self._ses.mails.popleft()
            message = {
                "MessageId": "local",
                "Message": json.dumps(mail.event()),
                "Subject": "",
                "MessageAttributes": {},
            }
            try:
                bounces({"Records": [{"Sns": message}]}, None)
            except Exception as error:  # noqa: BLE001 - as Lambda does: logged, and the event is sent again
                print(f"bounces: {type(error).__name__}: {error}", flush=True)
                self._ses.mails.append(mail)
        return 0
