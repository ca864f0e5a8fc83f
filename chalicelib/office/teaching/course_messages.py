"""A teacher's message to the families of a course: one mail for each address, and the office's list."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.teaching.courses import teacher_key
from chalicelib.domain.teaching.messages import CourseMessage, CourseMessages, MessageRef
from chalicelib.domain.teaching.school_years import today
from chalicelib.mail import letters
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.lesson_jobs import CourseMail, CourseMessagePosted
from chalicelib.mail.letters import Letter
from chalicelib.mail.outbox import PATIENCE
from chalicelib.office.teaching import cancellation_mails
from chalicelib.office.teaching.course_addresses import CourseNews, course_mails
from chalicelib.office.teaching.mail_once import mail_once
from chalicelib.services.family import Services
from chalicelib.services.teaching import teaching_stores
from chalicelib.values import frozen

_DAY: Final = timedelta(days=1)


@frozen
class MonthlyMessages:
    """Teachers' messages of a month, newest first, with the adjacent ones, « 2026-10 ». A future `after` is empty."""

    first: date
    last: date
    entries: tuple[tuple[CourseMessages, CourseMessage], ...]
    before: str
    after: str


def post_mails(services: Services, job: CourseMessagePosted, now: datetime) -> None:
    """Post a mail for each address of the course. Raises `NotConfirmedYet` or `Unavailable` to be called again."""
    stores, ref = teaching_stores(services), MessageRef.parse(job.site, job.message)
    words = stores.messages.find(ref.site, ref.course, ref.day)
    if words.message(ref.key) is None:
        if now - job.asked_at < PATIENCE:
            raise NotConfirmedYet(job.request)
        services.record.write("course_mail_dropped", now, job.request, about="words", reason="not_written")
        return
    timetable = stores.timetables.find(ref.site, teacher_key(words.teacher))
    course = timetable.course(ref.course) if timetable else None
    if course is None:
        services.record.write("course_mail_dropped", now, job.request, about="words", reason="nobody")
        return
    news = CourseNews(job.site, course, "words", job.message, job.request)
    services.post_box.post(*course_mails(services, news, now))


def letter(services: Services, job: CourseMail, account: Account, email: str, now: datetime) -> Letter | None:
    """Write a teacher's message to a family's address. None if there is none."""
    ref, network = MessageRef.parse(job.site, job.subject), services.settings.network
    words = teaching_stores(services).messages.find(ref.site, ref.course, ref.day)
    message = words.message(ref.key)
    if message is None:
        return None
    facts = {
        "network": network,
        "site": network.site(job.site),
        "account": account,
        "words": words,
        "message": message,
    }
    return letters.fill("course_words", email, now, facts)


def messages_of_month(services: Services, sites: Iterable[str], month: str, now: datetime) -> MonthlyMessages:
    """List the messages of teachers at some sites in a month, except the expired ones."""
    messages, first = teaching_stores(services).messages, date.fromisoformat(f"{month}-01")
    entries = [
        (words, message)
        for site in sites
        for words in messages.of_month(site, month)
        for message in words.messages
        if message.is_kept(now)
    ]
    entries.sort(key=lambda entry: entry[1].at, reverse=True)
    next_first = (first + timedelta(days=31)).replace(day=1)
    after = next_first.isoformat()[:7] if next_first <= today(now) else ""
    before = (first - _DAY).isoformat()[:7]
    return MonthlyMessages(first, next_first - _DAY, tuple(entries), before, after)


# By kind of news: reads the stored state again, and writes the letter as its reader sees it. None if it no longer
# applies.
Write = Callable[[Services, CourseMail, Account, str, datetime], Letter | None]
_WRITERS: Final[Mapping[str, Write]] = {
    "cancelled": cancellation_mails.letter,
    "words": letter,
}


def send(services: Services, job: CourseMail, now: datetime) -> None:
    """Send a mail once, if its news still applies. Raises `NotConfirmedYet` or `Unavailable`: call it again."""
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
