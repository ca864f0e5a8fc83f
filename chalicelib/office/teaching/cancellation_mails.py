"""The mails of a cancelled lesson: one to each address of the course's families, if it is still cancelled."""

from datetime import date, datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.teaching.courses import courses_of
from chalicelib.domain.teaching.school_years import today
from chalicelib.mail import letters
from chalicelib.mail.jobs import NotConfirmedYet
from chalicelib.mail.lesson_jobs import CourseMail, LessonCancelled
from chalicelib.mail.letters import Letter
from chalicelib.mail.outbox import PATIENCE
from chalicelib.office.teaching.course_addresses import CourseNews, course_mails
from chalicelib.services.family import Services
from chalicelib.services.teaching import teaching_stores

_BETWEEN = "#"


def post_mails(services: Services, job: LessonCancelled, now: datetime) -> None:
    """Post a mail for each address of the course. Raises `NotConfirmedYet` or `Unavailable` to be called again."""
    stores = teaching_stores(services)
    changes, timetable = services.database.read_together(
        stores.changes.lookup(job.site, job.course), stores.timetables.lookup(job.site, job.teacher)
    )
    if date.fromisoformat(job.day) not in changes.cancelled:
        if now - job.asked_at < PATIENCE:
            raise NotConfirmedYet(job.request)
        services.record.write("course_mail_dropped", now, job.request, about="cancelled", reason="not_written")
        return
    course = timetable.course(job.course) if timetable else None
    if course is None:
        services.record.write("course_mail_dropped", now, job.request, about="cancelled", reason="nobody")
        return
    news = CourseNews(job.site, course, "cancelled", f"{job.course}{_BETWEEN}{job.day}", job.request)
    services.post_box.post(*course_mails(services, news, now))


def letter(services: Services, job: CourseMail, account: Account, email: str, now: datetime) -> Letter | None:
    """Write a lesson's cancellation. None if it is not cancelled, is over, or has none of the family's pupils."""
    key, _, iso_day = job.subject.partition(_BETWEEN)
    day, network = date.fromisoformat(iso_day), services.settings.network
    pupils = account.household.pupils_by_key.items()
    attending = [(pupil.name, course) for name, pupil in pupils if (course := courses_of(account, name).get(key))]
    cancellation = teaching_stores(services).changes.find(job.site, key).cancelled.get(day)
    if cancellation is None or not attending or day < today(now):
        return None
    facts = {
        "network": network,
        "site": network.site(job.site),
        "account": account,
        "pupils": [name for name, _ in attending],
        "course": attending[0][1],
        "day": day,
        "is_today": day == today(now),
        "why": cancellation.why,
    }
    return letters.fill("lesson_cancelled", email, now, facts)
