"""Mails posted before what they tell of is written, and sent once it is: so no change goes untold (record 6)."""

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

# The consumer looks when the write is surely done; a write that is not by the end of its patience never was.
DELAY: Final = timedelta(seconds=2)
PATIENCE: Final = timedelta(minutes=2)

MailOutcome = Literal["mailed", "not_written", "stale", "undeliverable"]


class Outbox:
    """The jobs of one request, each posted once, however often what they tell of is decided anew."""

    def __init__(self, post_box: PostBox) -> None:
        self._post_box = post_box
        self._posted: set[QueuedJob] = set()

    def post(self, *jobs: QueuedJob) -> None:
        """Post those that are not yet. Raises `Unavailable`: then nothing may be written."""
        new = [job for job in jobs if job not in self._posted]
        self._post_box.post(*new, delay=DELAY)
        self._posted.update(new)


@frozen
class ConfirmedMail:
    """That what a job tells of is written: whose it is, the address on file (none where it left), and the letter."""

    account: AccountRef
    email: str | None
    letter: Callable[[str], Letter]


def mail_once_confirmed(
    mailer: Mailer, job: QueuedJob, confirmed_mail: ConfirmedMail | None, now: datetime
) -> MailOutcome:
    """Mail what a job tells of, if it came true. Raises `NotConfirmedYet` or `Unavailable` to be called again.

    One mail per job; two where SES took it and its answer was lost, or the consumer died right after: told twice is
    better than not at all.
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
