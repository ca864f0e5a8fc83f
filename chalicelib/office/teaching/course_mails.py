"""The news of a course for its families, one mail to each address: a cancelled lesson, or a teacher's message."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.teaching.courses import TaughtCourse, courses_of
from chalicelib.domain.teaching.messages import CourseMessage, CourseMessages, MessageRef
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.lesson_jobs import CourseMail, CourseMessagePosted, LessonCancelled
from chalicelib.mail.outbox import PATIENCE
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts, jobs_to_each
from chalicelib.services.teaching import TeachingServices as Services
from chalicelib.values import frozen

_BETWEEN: Final = "#"  # a course and a day, in the subject of a cancellation
_DAY: Final = timedelta(days=1)
Facts = dict[str, object]


@frozen
class _News:
    """The news of a course, once it is written: its `subject` (`CourseMail`). `course`: None if it no longer exists."""

    about: Literal["cancelled", "words"]
    subject: str
    course: TaughtCourse | None
    is_written: bool


def post_cancellation(services: Services, job: LessonCancelled, now: datetime) -> None:
    """Post a mail for each address of the course. Raises `NotConfirmedYet` or `Unavailable` to be called again."""
    stores = services.teaching
    changes, timetable = services.database.read_together(
        stores.changes.lookup(job.site, job.course), stores.timetables.lookup(job.site, job.teacher)
    )
    course = timetable.course(job.course) if timetable else None
    is_written = date.fromisoformat(job.day) in changes.cancelled
    _post(services, job, _News("cancelled", f"{job.course}{_BETWEEN}{job.day}", course, is_written), now)


def post_message(services: Services, job: CourseMessagePosted, now: datetime) -> None:
    """Post a mail for each address of the course. Raises `NotConfirmedYet` or `Unavailable` to be called again."""
    stores, ref = services.teaching, MessageRef.parse(job.site, job.message)
    words = stores.messages.find(ref.site, ref.course, ref.day)
    is_written = words.message(ref.key) is not None
    timetable = stores.timetables.find(ref.site, teacher_key(words.teacher)) if is_written else None
    course = timetable.course(ref.course) if timetable else None
    _post(services, job, _News("words", job.message, course, is_written), now)


def _post(services: Services, job: LessonCancelled | CourseMessagePosted, news: _News, now: datetime) -> None:
    if news.is_written and news.course:
        services.post_box.post(*_mails(services, job, news, news.course, now))
        return
    if not news.is_written and now - job.asked_at < PATIENCE:
        raise NotConfirmedYet(job.request)
    reason = "nobody" if news.is_written else "not_written"
    services.record.write("course_mail_dropped", now, job.request, about=news.about, reason=reason)


def _mails(
    services: Services, job: LessonCancelled | CourseMessagePosted, news: _News, course: TaughtCourse, now: datetime
) -> tuple[CourseMail, ...]:
    """Make the jobs of the news, one for each address on file. A family with two pupils in the course gets one each."""
    refs = dict.fromkeys(AccountRef(job.site, pupil.ref.identifier) for pupil in course.pupils)
    mail = partial(CourseMail, about=news.about, subject=news.subject)
    families = [account for account in services.accounts.find_all(*refs) if account and not account.gone_at]
    return tuple(one for family in families for one in jobs_to_each(services, family, mail, job.request, now))


def _cancellation(services: Services, job: CourseMail, account: Account, now: datetime) -> Facts | None:
    """List the facts of a cancelled lesson. None if it takes place, is over, or has none of the family's pupils."""
    key, _, iso_day = job.subject.partition(_BETWEEN)
    day = date.fromisoformat(iso_day)
    pupils = account.household.pupils_by_key.items()
    attending = [(pupil.name, course) for name, pupil in pupils if (course := courses_of(account, name).get(key))]
    cancellation = services.teaching.changes.find(job.site, key).cancelled.get(day)
    if cancellation is None or not attending or day < today(now):
        return None
    return {
        "site": services.settings.network.site(job.site),
        "account": account,
        "pupils": [name for name, _ in attending],
        "course": attending[0][1],
        "day": day,
        "is_today": day == today(now),
        "why": cancellation.why,
    }


def _message(services: Services, job: CourseMail, account: Account, _now: datetime) -> Facts | None:
    """List the facts of a teacher's message to a family. None if there is none."""
    ref = MessageRef.parse(job.site, job.subject)
    words = services.teaching.messages.find(ref.site, ref.course, ref.day)
    message = words.message(ref.key)
    if message is None:
        return None
    site = services.settings.network.site(job.site)
    return {"site": site, "account": account, "words": words, "message": message}


# By kind of news: its letter, and its facts for its reader, as stored now. None if it no longer applies.
_LETTERS: Final = {"cancelled": "lesson_cancelled", "words": "course_words"}
_FACTS: Final[Mapping[str, Callable[[Services, CourseMail, Account, datetime], Facts | None]]] = {
    "cancelled": _cancellation,
    "words": _message,
}


def _prove(services: Services, job: CourseMail, now: datetime) -> ConfirmedMail | str:
    ref = AccountRef(job.site, job.identifier)
    account = services.accounts.find(ref)
    email = account.mailbox(job.mailbox, services.record.pseudonyms) if account else None
    facts = None
    if account and email and not job.is_stale(now):
        facts = _FACTS[job.about](services, job, as_addressed(account, email), now)
    if facts is None:
        return "not_so"
    once = ("course", job.about, job.subject, job.identifier, job.mailbox)
    return ConfirmedMail(ref, email, _LETTERS[job.about], facts, once)


def _about(services: Services, job: CourseMail, reason: str) -> dict[str, Any]:
    return account_facts(services, job, reason) | {"about": job.about}


MAIL: Final = DescribedMail((CourseMail,), _prove, "course_mailed", "course_mail_dropped", _about)


@frozen
class MonthlyMessages:
    """Teachers' messages of a month, newest first, with the adjacent ones, « 2026-10 ». A future `after` is empty."""

    first: date
    last: date
    entries: tuple[tuple[CourseMessages, CourseMessage], ...]
    before: str
    after: str


def messages_of_month(services: Services, sites: Iterable[str], month: str, now: datetime) -> MonthlyMessages:
    """List the messages of teachers at some sites in a month, except the expired ones."""
    messages, first = services.teaching.messages, date.fromisoformat(f"{month}-01")
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
