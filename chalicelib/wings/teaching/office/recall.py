"""Each morning: rebuild a site's timetables, and mail its teachers their missing rolls, once for each day.

It goes back three days, so that a failed morning loses none. No reminder is sent twice. The office may send another of
the week's, once a day.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from chalicelib.domain.enrolment.periods import PARIS, today
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.staff.members import Member
from chalicelib.domain.text import fold
from chalicelib.mail.staff_jobs import member_of, sealed_member, tracked_as
from chalicelib.services.mails import ConfirmedMail, DescribedMail, deliveries
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.courses import TaughtCourse, Timetable
from chalicelib.wings.teaching.domain.rolls import LATE_BY, RollRef
from chalicelib.wings.teaching.domain.school_years import Slot
from chalicelib.wings.teaching.domain.teachers import Teacher
from chalicelib.wings.teaching.mail import MissingRollsReminder, SiteMorning
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.wings.teaching.services.lessons import school_years
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@frozen
class MissingRoll:
    """A past lesson without its roll. `teacher`: the name in the yearly file. `new_hours`: if moved."""

    teacher: str
    course: TaughtCourse
    ref: RollRef
    new_hours: tuple[datetime, datetime] | None = None

    @property
    def day(self) -> date:
        """The lesson's day."""
        return self.ref.day

    @property
    def path(self) -> str:
        """The address at which its teacher takes the roll."""
        return f"/extranet/enseignant/cours/{self.ref.site}/{self.ref.course}/appel/{self.day.isoformat()}"


def missing_rolls(
    services: Services, timetables: Iterable[Timetable], first_on: date, last_on: date
) -> tuple[MissingRoll, ...]:
    """Find the lessons from one day to another, both included, without roll, by day and hour.

    Without cancelled lessons, and courses whose weekday is not in the file. A moved lesson is that of its new day.
    Raises `Unavailable`.
    """
    stores, years = services.teaching, school_years(services.settings.network)
    courses = [(timetable, course) for timetable in timetables for course in timetable.courses]
    lookups = [stores.changes.lookup(timetable.site, course.key) for timetable, course in courses]
    changes = services.database.read_together(*lookups) if courses else ()
    lessons = [
        MissingRoll(timetable.teacher, course, RollRef(timetable.site, course.key, day), change.moved_hours(day))
        for (timetable, course), change in zip(courses, changes, strict=True)
        for day in change.days(years.lessons(Slot.parse(course.slot), first_on, last_on), first_on, last_on)
        if change.takes_place(day)
    ]
    rolls = services.database.read_together(*(stores.rolls.lookup(lesson.ref) for lesson in lessons)) if lessons else ()
    missing = (lesson for lesson, roll in zip(lessons, rolls, strict=True) if roll.taken_at is None)
    return tuple(sorted(missing, key=_order))


def _order(lesson: MissingRoll) -> tuple[date, time, str]:
    begins = lesson.new_hours[0].astimezone(PARIS).time() if lesson.new_hours else None
    return lesson.day, begins or Slot.parse(lesson.course.slot).order[1], lesson.course.discipline


@frozen
class TeacherMissingRolls:
    """A name of the yearly file with missing rolls. `is_linked`: whether a member gets the reminders."""

    site: str
    name: str
    is_linked: bool
    rolls: tuple[MissingRoll, ...]

    @property
    def count(self) -> int:
        """The number of rolls."""
        return len(self.rolls)


def missing_of_week(services: Services, sites: Iterable[str], day: date) -> tuple[TeacherMissingRolls, ...]:
    """List the missing rolls of the seven days before a day, by site and name."""
    stores = services.teaching
    keys = {link.key for teacher in stores.teachers.all() for link in teacher.links}
    by_name: dict[tuple[str, str], list[MissingRoll]] = {}
    for site in sites:
        for roll in missing_rolls(services, stores.timetables.all(site), day - _WEEK, day - _DAY):
            by_name.setdefault((site, roll.teacher), []).append(roll)
    return tuple(
        TeacherMissingRolls(site, name, (site, teacher_key(name)) in keys, tuple(rolls))
        for (site, name), rolls in sorted(by_name.items(), key=lambda one: (one[0][0], fold(one[0][1])))
    )


LOOKS_BACK: Final = timedelta(days=3)


def post_reminders(services: Services, site: str, request: str, day: date, now: datetime) -> None:
    """Rebuild a site's timetables, and post a day's reminders. Idempotent. Raises `Unavailable`."""
    stores, keys = services.teaching, services.settings.key_ring("jobs")
    rebuild(services, (site,), now)
    rolls = missing_rolls(services, stores.timetables.all(site), day - LOOKS_BACK, day - _DAY)
    teachers = stores.teachers.all() if rolls else ()  # of all sites
    jobs = [
        MissingRollsReminder(
            request=request,
            asked_at=now,
            site=site,
            member=sealed_member(keys, teacher.email),
            day=forgotten_on.isoformat(),
        )
        for teacher in teachers
        for forgotten_on in sorted({roll.day for roll in rolls_of_teacher(teacher, rolls, day)})
    ]
    services.post_box.post(*jobs)
    services.record.write("rolls_recalled", now, request, site=site, posted=len(jobs))


Reminded = Literal["rappel", "rappel_fait", "rappel_sans"]


def post_reminder(services: Services, site: str, key: str, request: str, now: datetime) -> Reminded:
    """Post a reminder of the week's missing rolls to all who may take those of a name, once a day.

    Returns if one was posted, all were mailed today, or no teacher may take such a roll. Raises `Unavailable`.
    """
    stores, keys, day = services.teaching, services.settings.key_ring("jobs"), today(now)
    timetables = (one for one in stores.timetables.all(site) if teacher_key(one.teacher) == key)
    rolls = missing_rolls(services, timetables, day - _WEEK, day - _DAY)
    teachers = [one for one in stores.teachers.all() if any(rolls_of_teacher(one, rolls, day))] if rolls else ()
    jobs = [
        MissingRollsReminder(
            request=request,
            asked_at=now,
            site=site,
            member=sealed_member(keys, teacher.email),
            day=day.isoformat(),
            is_week=True,
        )
        for teacher in teachers
        if not _is_mailed(services, site, day, teacher.email)
    ]
    services.post_box.post(*jobs)
    services.record.write("rolls_recalled", now, request, site=site, posted=len(jobs))
    return "rappel" if jobs else "rappel_fait" if teachers else "rappel_sans"


def _is_mailed(services: Services, site: str, day: date, email: str) -> bool:
    """Whether the office reminded a member on a day."""
    mailbox = services.record.pseudonyms.of_mailbox(email)
    return deliveries(services).is_claimed(
        tracked_as(mailbox).site, *_once(site, day.isoformat(), mailbox, is_week=True)
    )


def _once(site: str, day: str, mailbox: str, *, is_week: bool) -> tuple[str, ...]:
    """Name a reminder. The office's is beside the morning's."""
    return ("rolls_of_week" if is_week else "rolls", site, day, mailbox)


def rolls_of_teacher(teacher: Teacher, missing: Iterable[MissingRoll], day: date) -> Iterator[MissingRoll]:
    """List a teacher's missing rolls that they may still take.

    A substitute whose share has ended cannot take them. The course's own teacher can, and gets the reminder too.
    """
    shares = tuple(teacher.shares_on(day))
    for roll in missing:
        is_lent = any(
            (share.site, share.course) == (roll.ref.site, roll.ref.course) and share.is_on(roll.day) for share in shares
        )
        if is_lent or teacher.owns(roll.ref.site, teacher_key(roll.teacher)):
            yield roll


def _prove(services: Services, job: MissingRollsReminder, now: datetime) -> ConfirmedMail | str:
    stores = services.teaching
    member = _member(services, job)
    teacher = stores.teachers.find(member.email) if member else None
    rolls = _still_missing(services, job, teacher, now) if teacher else ()
    if member is None or not rolls or job.is_stale(now):
        return "not_so"
    mailbox = services.record.pseudonyms.of_mailbox(member.email)
    once = _once(job.site, job.day, mailbox, is_week=job.is_week)
    facts = _facts(services, job.site, member, rolls)
    return ConfirmedMail(tracked_as(mailbox), member.email, "staff_rolls_forgotten", facts, once)


MAIL: Final = DescribedMail((MissingRollsReminder,), _prove, "rolls_mailed", "rolls_mail_dropped", lambda *_: {})


def start_site(services: Services, due: SiteMorning, _now: datetime) -> None:
    """Start the run of a site, due by its message."""
    services.post_box.start(services.settings.rolls_function, due.event)


def _member(services: Services, job: MissingRollsReminder) -> Member | None:
    """Find the recipient, if their access still opens the rolls of the site."""
    email = member_of(services.settings.key_ring("jobs"), job)
    member = services.staff.members.find(email) if email else None
    opens = member and member.role == "teacher" and job.site in member.sites and not member.disabled
    return member if opens else None


def _still_missing(
    services: Services, job: MissingRollsReminder, teacher: Teacher, now: datetime
) -> tuple[MissingRoll, ...]:
    stores, day = services.teaching, date.fromisoformat(job.day)
    keys = [key for key in teacher.timetables(today(now)) if key[0] == job.site]
    timetables = services.database.read_together(*(stores.timetables.lookup(*key) for key in keys)) if keys else ()
    days = (day - _WEEK, day - _DAY) if job.is_week else (day, day)
    missing = missing_rolls(services, filter(None, timetables), *days)
    return tuple(rolls_of_teacher(teacher, missing, today(now)))


def _facts(services: Services, site: str, member: Member, rolls: tuple[MissingRoll, ...]) -> dict[str, object]:
    day = rolls[0].day
    return {
        "site": services.settings.network.site(site),
        "member": member,
        "rolls": rolls,
        "day": day,
        "is_of_days": rolls[-1].day != day,
        "until": day + LATE_BY,
    }
