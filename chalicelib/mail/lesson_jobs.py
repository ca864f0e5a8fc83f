"""The jobs of mails about lessons: known to the post and the staff's functions, and to no family's."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Literal

from chalicelib.mail.jobs import QueuedJob
from chalicelib.values import frozen

# How long a job is held back at once: SQS would take 15 minutes, but after ten a queue's age rings (resources.yaml).
MAX_DELAY: Final = timedelta(minutes=9)
_SOON: Final = timedelta(days=2)


@frozen(kw_only=True)
class _LessonJob(QueuedJob):
    """Any of them: as good days late as at once, so it waits out any failure. `course`: its key; `day`: ISO."""

    lasts: ClassVar[timedelta] = timedelta(days=4)  # as long as the queue keeps it

    site: str


@frozen(kw_only=True)
class AbsencesDue(_LessonJob):
    """A roll is about to be saved: once `due_at` has come, see who is absent still, and post each mail of it."""

    kind: Literal["absences_due"] = "absences_due"
    course: str
    day: str
    due_at: datetime


@frozen(kw_only=True)
class AbsenceMail(_LessonJob):
    """A pupil is absent: tell one address of its family, by its pseudonym, once, if it is absent still."""

    kind: Literal["absence_mail"] = "absence_mail"
    course: str
    day: str
    identifier: str
    pupil: str
    mailbox: str


@frozen(kw_only=True)
class LessonCancelled(_LessonJob):
    """A lesson is about to be cancelled: post a mail for each address of the course, if it then is."""

    kind: Literal["lesson_cancelled"] = "lesson_cancelled"
    course: str
    teacher: str  # whose course it is, by the teacher's key
    day: str


@frozen(kw_only=True)
class CourseMessagePosted(_LessonJob):
    """A teacher is about to write to the families of a course: post a mail for each address, if that is then kept."""

    kind: Literal["course_told"] = "course_told"
    message: str  # its name in the table


@frozen(kw_only=True)
class CourseMail(_LessonJob):
    """Tell one address of a family, by its pseudonym, once, of a cancelled lesson or of a teacher's words.

    Words may wait behind a campaign's mails, as a lesson of another week; a family that has an hour to stay at home
    may not.
    """

    kind: Literal["course_mail"] = "course_mail"
    about: Literal["cancelled", "words"]
    subject: str  # « COURSE#DAY » of a cancelled lesson, else the message's name
    identifier: str
    mailbox: str

    @property
    def can_wait(self) -> bool:  # type: ignore[override]  # of each job, here
        """Whether it is queued apart."""
        if self.about == "words":
            return True
        return date.fromisoformat(self.subject.rpartition("#")[2]) - self.asked_at.date() > _SOON


@frozen(kw_only=True)
class MissingRollsReminder(_LessonJob):
    """Recall to a teacher the rolls of a day that were not taken; `member`: its address, sealed (`staff_jobs`)."""

    kind: Literal["rolls_forgotten"] = "rolls_forgotten"
    member: str
    day: str


LessonJob = AbsencesDue | AbsenceMail | LessonCancelled | CourseMessagePosted | CourseMail | MissingRollsReminder
