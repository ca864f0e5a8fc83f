"""The mail of a course's news to one address of a family, once: of a cancelled lesson, or a teacher's words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.mail.lesson_jobs import CourseMail
from chalicelib.mail.letters import Letter
from chalicelib.office.teaching import cancellation_mails, course_messages
from chalicelib.office.teaching.mail_once import mail_once
from chalicelib.services.family import Services
from chalicelib.services.teaching import teaching_stores

# By what it is about: reads the truth again, and writes the letter to an address of an account as its reader sees it;
# None where there is nothing to tell (any more).
Write = Callable[[Services, CourseMail, Account, str, datetime], Letter | None]
_WRITERS: Final[Mapping[str, Write]] = {
    "cancelled": cancellation_mails.letter,
    "words": course_messages.letter,
}


def send(services: Services, job: CourseMail, now: datetime) -> None:
    """Mail it, if it is so still, and did not leave yet. Raises `NotYetTrue` or `Unavailable` to be called again."""
    ref = AccountRef(job.site, job.identifier)
    account = services.accounts.find(ref)
    email = account.mailbox(job.mailbox, services.record.pseudonyms) if account else None
    letter = None
    if account and email and not job.is_stale(now):
        letter = _WRITERS[job.about](services, job, as_addressed(account, email), email, now)
    if letter is None:
        services.record.write("course_mail_dropped", now, job.request, account=ref, about=job.about, reason="not_so")
        return
    about = ("course", job.about, job.subject, job.identifier, job.mailbox)
    ending = mail_once(services.mailer, teaching_stores(services).deliveries, letter, ref, about, now)
    if ending == "mailed":
        services.record.write("course_mailed", now, job.request, account=ref, about=job.about)
        return
    services.record.write("course_mail_dropped", now, job.request, account=ref, about=job.about, reason=ending)
