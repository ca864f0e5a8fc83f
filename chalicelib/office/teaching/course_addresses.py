"""The recipients of a course's news: a job for each address of each of its families."""

from datetime import datetime
from typing import Literal

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.teaching.courses import TaughtCourse
from chalicelib.mail.lesson_jobs import CourseMail
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class CourseNews:
    """The news of a course at a site: its `subject` (`CourseMail`), and its request."""

    site: str
    course: TaughtCourse
    about: Literal["cancelled", "words"]
    subject: str
    request: str


def course_mails(services: Services, news: CourseNews, now: datetime) -> tuple[CourseMail, ...]:
    """Make the jobs of the news, one for each address on file. A family with two pupils in the course gets one each."""
    refs = dict.fromkeys(AccountRef(news.site, pupil.ref.identifier) for pupil in news.course.pupils)
    return tuple(
        CourseMail(
            request=news.request,
            asked_at=now,
            site=news.site,
            about=news.about,
            subject=news.subject,
            identifier=account.ref.identifier,
            mailbox=services.record.pseudonyms.of_mailbox(email),
        )
        for account in services.accounts.find_all(*refs)
        if account and not account.gone_at
        for email in account.emails
    )
