"""The jobs of mails about lessons, which no family's function loads."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen

# The longest delay of a job: SQS allows 15 minutes, but an alarm rings when a queue's oldest job is ten minutes old
# (resources.yaml).
MAX_DELAY: Final = timedelta(minutes=9)
_SOON: Final = timedelta(days=2)


@frozen(kw_only=True)
class _LessonJob(QueuedJob):
    """Any of these. It is still useful days later, so it outlasts any failure. `course`: its key. `day`: ISO."""

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it

    site: str


@frozen(kw_only=True)
class AbsencesDue(_LessonJob):
    """A roll is about to be saved: at `due_at`, post a mail for each pupil that is still absent."""

    kind: Literal["absences_due"] = "absences_due"
    course: str
    day: str
    due_at: datetime


@frozen(kw_only=True)
class AbsenceMail(_LessonJob):
    """A pupil is absent: mail one address of its family, by its pseudonym, once, if the pupil is still absent."""

    kind: Literal["absence_mail"] = "absence_mail"
    course: str
    day: str
    identifier: str
    pupil: str
    mailbox: str


@frozen(kw_only=True)
class LessonCancelled(_LessonJob):
    """A lesson is about to be cancelled: post a mail for each address of the course, if it was."""

    kind: Literal["lesson_cancelled"] = "lesson_cancelled"
    course: str
    teacher: str  # the teacher's key
    day: str


@frozen(kw_only=True)
class CourseMessagePosted(_LessonJob):
    """A teacher is about to write to a course's families: post a mail for each address, if the message is stored."""

    kind: Literal["course_told"] = "course_told"
    message: str  # its name in the table


@frozen(kw_only=True)
class CourseMail(_LessonJob):
    """A mail to one address of a family, by its pseudonym, once: of a cancelled lesson or a teacher's message.

    Messages, and lessons of another week, may wait behind a campaign's mails. A lesson within two days may not.
    """

    kind: Literal["course_mail"] = "course_mail"
    about: Literal["cancelled", "words"]
    subject: str  # « COURSE#DAY » of a cancelled lesson, else the message's name
    identifier: str
    mailbox: str

    @property
    def can_wait(self) -> bool:  # type: ignore[override]  # of each job, here
        """Whether it may wait in the slow queue."""
        if self.about == "words":
            return True
        return date.fromisoformat(self.subject.rpartition("#")[2]) - self.asked_at.date() > _SOON


@frozen(kw_only=True)
class MissingRollsReminder(_LessonJob):
    """Remind a teacher of a day's rolls that were not taken. `member`: the sealed address (`staff_jobs`)."""

    kind: Literal["rolls_forgotten"] = "rolls_forgotten"
    member: str
    day: str


@frozen(kw_only=True)
class SiteMorning(QueuedJob):
    """A site's run of the morning's job is due. `event`: the schedule's own, with the site as its detail."""

    kind: Literal["site_morning"] = "site_morning"
    event: Mapping[str, Any]
