"""The news of courses for their families, one mail to each address: an act on lessons, or a teacher's message."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final, NamedTuple

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.outbox import PATIENCE
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts, deliveries, jobs_to_each
from chalicelib.wings.teaching.domain.announcements import LessonChange
from chalicelib.wings.teaching.domain.courses import courses_of
from chalicelib.wings.teaching.domain.messages import CourseMessage, CourseMessages, MessageRef
from chalicelib.wings.teaching.mail import CourseMail, CourseMessagePosted, LessonsChanged
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

_BETWEEN: Final = "#"  # a lesson's course and day
Facts = dict[str, object]


def post_lessons(services: Services, job: LessonsChanged, now: datetime) -> None:
    """Post a mail for each address of the families of an act's lessons, about all lessons of the family.

    Waits while some are not written: the form may be sent again. Raises `NotConfirmedYet` or `Unavailable` to be
    called again.
    """
    lessons = [(key, date.fromisoformat(day), teacher) for key, day, teacher in job.keys]
    stores = services.teaching
    lookups: list[Lookup[Any]] = [stores.changes.lookup(job.site, key) for key, _, _ in lessons]
    lookups += [stores.timetables.lookup(job.site, teacher) for _, _, teacher in lessons]
    results = services.database.read_together(*lookups)
    acts = [changes.acts(day) for (_, day, _), changes in zip(lessons, results, strict=False)]
    if any(job.act not in acts_of_lesson for acts_of_lesson in acts) and now - job.asked_at < PATIENCE:
        raise NotConfirmedYet(job.request)
    subjects: dict[AccountRef, list[str]] = {}
    standing = [number for number, acts_of_lesson in enumerate(acts) if acts_of_lesson[:1] == (job.act,)]
    for number in standing:
        (key, day, _), timetable = lessons[number], results[len(lessons) + number]
        course = timetable.course(key) if timetable else None
        for identifier in dict.fromkeys(pupil.ref.identifier for pupil in course.pupils) if course else ():
            subjects.setdefault(AccountRef(job.site, identifier), []).append(f"{key}{_BETWEEN}{day}")
    mail = partial(CourseMail, about=job.about, act=job.act)
    _post(services, job, mail, subjects if standing else None, now)


def post_message(services: Services, job: CourseMessagePosted, now: datetime) -> None:
    """Post a mail for each address of the course. Raises `NotConfirmedYet` or `Unavailable` to be called again."""
    stores, ref = services.teaching, MessageRef.parse(job.site, job.message)
    words = stores.messages.find(ref.site, ref.course, ref.day)
    subjects: dict[AccountRef, list[str]] | None = None
    if words.message(ref.key):
        timetable = stores.timetables.find(ref.site, teacher_key(words.teacher))
        course = timetable.course(ref.course) if timetable else None
        pupils = course.pupils if course else ()
        subjects = {AccountRef(job.site, pupil.ref.identifier): [job.message] for pupil in pupils}
    elif now - job.asked_at < PATIENCE:
        raise NotConfirmedYet(job.request)
    _post(services, job, partial(CourseMail, about="words"), subjects, now)


def _post(
    services: Services,
    job: LessonsChanged | CourseMessagePosted,
    mail: partial[CourseMail],
    subjects: Mapping[AccountRef, Iterable[str]] | None,
    now: datetime,
) -> None:
    """Post the mails of families, one for each address on file, each about its subjects. None: nothing is written."""
    families = [account for account in services.accounts.find_all(*(subjects or ())) if account] if subjects else []
    mails = tuple(
        job_of_address
        for family in families
        if subjects and not family.gone_at
        for job_of_address in jobs_to_each(
            services, family, partial(mail, subject=" ".join(subjects[family.ref])), job.request, now
        )
    )
    if mails:
        services.post_box.post(*mails)
        return
    reason = "not_written" if subjects is None else "nobody"
    services.record.write("course_mail_dropped", now, job.request, about=mail.keywords["about"], reason=reason)


def _lessons(services: Services, job: CourseMail, account: Account, now: datetime) -> Facts | None:
    """List the facts of a family's lessons as an act left them. None without any to come.

    That a lesson takes place as usual is for an address that was mailed otherwise.
    """
    keys, stores = [lesson.split(_BETWEEN) for lesson in job.subject.split()], services.teaching
    results = services.database.read_together(*(stores.changes.lookup(job.site, key) for key, _ in keys))
    pupils = account.household.pupils_by_key.items()
    lessons = []
    for (key, iso_day), changes in zip(keys, results, strict=True):
        courses = [(pupil.name, courses_of(account, name).get(key)) for name, pupil in pupils]
        names, day = [name for name, course in courses if course], date.fromisoformat(iso_day)
        entry = changes.entry(day)
        is_told = not isinstance(entry, LessonChange) or not entry.is_usual or _was_mailed(services, job, entry)
        new_day = entry.day or day if isinstance(entry, LessonChange) else day
        if entry and entry.act == job.act and is_told and names and max(day, new_day) >= today(now):
            course = next(course for _, course in courses if course)
            facts = {"pupils": names, "course": course, "day": day, "new_day": new_day, "entry": entry}
            lessons.append(facts | {"is_moved": day in changes.moves})
    if not lessons:
        return None
    return {
        "site": services.settings.network.site(job.site),
        "account": account,
        "lessons": lessons,
        "is_today": all(lesson["new_day"] == today(now) for lesson in lessons),
    }


def _was_mailed(services: Services, job: CourseMail, change: LessonChange) -> bool:
    """Whether an address was mailed the act that a change takes back. An earlier version gave it no name."""
    act, claims = change.takes_back, deliveries(services)
    return not act or any(claims.is_claimed(job.site, *_once(job, about, act)) for about in ("cancelled", "changed"))


def _once(job: CourseMail, about: str, act: str) -> tuple[str, ...]:
    return ("course", about, act, job.identifier, job.mailbox)


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
_LETTERS: Final = {"cancelled": "lesson_cancelled", "changed": "lesson_changed", "words": "course_words"}
_FACTS: Final[Mapping[str, Callable[[Services, CourseMail, Account, datetime], Facts | None]]] = {
    "cancelled": _lessons,
    "changed": _lessons,
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
    return ConfirmedMail(ref, email, _LETTERS[job.about], facts, _once(job, job.about, job.act or job.subject))


def _about(services: Services, job: CourseMail, reason: str) -> dict[str, Any]:
    return account_facts(services, job, reason) | {"about": job.about}


MAIL: Final = DescribedMail((CourseMail,), _prove, "course_mailed", "course_mail_dropped", _about)


class MessageEntry(NamedTuple):
    """A teacher's message, with the course and day of it."""

    course: CourseMessages
    message: CourseMessage


def messages_of_month(services: Services, sites: Iterable[str], month: str, now: datetime) -> list[MessageEntry]:
    """List the messages of teachers at some sites in a month (« 2026-10 »), newest first, except the expired ones."""
    entries = [
        MessageEntry(course, message)
        for site in sites
        for course in services.teaching.messages.of_month(site, month)
        for message in course.messages
        if message.is_kept(now)
    ]
    return sorted(entries, key=lambda entry: entry.message.at, reverse=True)
