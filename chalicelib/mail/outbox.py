"""Mails posted before the change that they announce, and sent once it is written, so that none is missed (record 6)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail.jobs import NotConfirmedYet, QueuedJob
from chalicelib.mail.letters import Letter
from chalicelib.mail.mailer import Mailer
from chalicelib.mail.post_box import PostBox
from chalicelib.values import frozen

# The consumer first looks when the write is surely done. A write missing at the end of its patience never happened.
DELAY: Final = timedelta(seconds=2)
PATIENCE: Final = timedelta(minutes=2)

MailOutcome = Literal["mailed", "not_written", "stale", "undeliverable"]


class Outbox:
    """The jobs of one request, each posted once, even if its decision is taken again after a conflict."""

    def __init__(self, post_box: PostBox) -> None:
        self._post_box = post_box
        self._posted: set[QueuedJob] = set()

    def post(self, *jobs: QueuedJob) -> None:
        """Post the jobs not posted yet. Raises `Unavailable`: then nothing may be written."""
        new = [job for job in jobs if job not in self._posted]
        self._post_box.post(*new, delay=DELAY)
        self._posted.update(new)


@frozen
class ConfirmedMail:
    """The mail of a confirmed change: its account, the address on file (None if it was removed), and the letter."""

    account: AccountRef
    email: str | None
    letter: Callable[[str], Letter]


def mail_once_confirmed(
    mailer: Mailer, job: QueuedJob, confirmed_mail: ConfirmedMail | None, now: datetime
) -> MailOutcome:
    """Send the mail of a job, if its change is written. Raises `NotConfirmedYet` or `Unavailable` to be retried.

    One mail per job. Two if SES accepted it and its answer was lost, or if the consumer died right after: a second mail
    is better than none.
    """
    if confirmed_mail is None:
        if now - job.asked_at < PATIENCE:
            raise NotConfirmedYet(job.request)
        return "not_written"
    if job.is_stale(now):
        return "stale"
    try:
        if confirmed_mail.email:
            mailer.send(confirmed_mail.letter(confirmed_mail.email), confirmed_mail.account)
    except Undeliverable:
        return "undeliverable"
    return "mailed" if confirmed_mail.email else "undeliverable"
