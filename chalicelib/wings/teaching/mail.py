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
    """Base of a course's jobs, which outlast any failure: their news is useful for days. `day`: ISO."""

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
    """A pupil is absent: mail one address of their family, by its pseudonym, once, if they are still absent."""

    kind: Literal["absence_mail"] = "absence_mail"
    course: str
    day: str
    identifier: str
    pupil: str
    mailbox: str


About = Literal["cancelled", "changed"]


@frozen(kw_only=True)
class LessonsChanged(_LessonJob):
    """Lessons are about to be cancelled by an act, or to take place: post a mail for each address of their families.

    A lesson is its course's key, its day, and its teacher's key. An earlier version wrote one, without an act.
    """

    kind: Literal["lesson_cancelled"] = "lesson_cancelled"
    about: About = "cancelled"
    act: str = ""
    lessons: tuple[tuple[str, str, str], ...] = ()
    course: str = ""
    teacher: str = ""
    day: str = ""

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """The keys of its lessons."""
        return self.lessons or ((self.course, self.day, self.teacher),)


@frozen(kw_only=True)
class CourseMessagePosted(_LessonJob):
    """A teacher is about to write to a course's families: post a mail for each address, if the message is stored."""

    kind: Literal["course_told"] = "course_told"
    message: str  # its name in the table


@frozen(kw_only=True)
class CourseMail(_LessonJob):
    """A mail to one address of a family, by its pseudonym, once: of an act on lessons, or a teacher's message.

    Messages, and lessons of another week, may wait behind a campaign's mails. A lesson within two days may not.
    """

    kind: Literal["course_mail"] = "course_mail"
    about: Literal["cancelled", "changed", "words"]
    subject: str  # « COURSE#DAY » of the family's lessons, between blanks, else the message's name
    act: str = ""  # an earlier version had none
    identifier: str
    mailbox: str

    @property
    def can_wait(self) -> bool:  # type: ignore[override]  # of each job, here
        """Whether it may wait in the slow queue."""
        if self.about == "words":
            return True
        days = (date.fromisoformat(lesson.partition("#")[2]) for lesson in self.subject.split())
        return min(days) - self.asked_at.date() > _SOON


@frozen(kw_only=True)
class MissingRollsReminder(_LessonJob):
    """Remind a teacher of rolls that were not taken. `member`: the sealed address (`staff_jobs`).

    Of a day, or of the week before it if the office asks (`is_week`).
    """

    kind: Literal["rolls_forgotten"] = "rolls_forgotten"
    member: str
    day: str
    is_week: bool = False


@frozen(kw_only=True)
class SiteMorning(QueuedJob):
    """A site's run of the morning's job is due. `event`: the schedule's own, with the site as its detail."""

    kind: Literal["site_morning"] = "site_morning"
    event: Mapping[str, Any]
