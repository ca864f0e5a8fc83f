"""The absences of a settled roll: unannounced ones are counted and mailed once to each address."""

import math
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.family.households import Course, PupilRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.services.mails import ConfirmedMail, DescribedMail, account_facts, jobs_to_each
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import LessonKey, PupilAbsences
from chalicelib.wings.teaching.domain.courses import courses_of
from chalicelib.wings.teaching.domain.rolls import Roll, RollMark, RollRef, UnexcusedAbsences
from chalicelib.wings.teaching.domain.school_years import WEEKDAYS
from chalicelib.wings.teaching.mail import MAX_DELAY, AbsenceMail, AbsencesDue
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services


@frozen
class _Absence:
    """A pupil's unannounced absence."""

    account: Account
    pupil: PupilRef
    course: Course

    @property
    def name(self) -> str:
        """The pupil's name."""
        return self.account.household.pupils_by_key[self.pupil.key].name


def finalise_absences(services: Services, job: AbsencesDue, now: datetime) -> None:
    """Count a settled roll's absences and post their mails, or wait until they are due.

    A mark newer than the job has a job of its own. Idempotent, in any order.
    """
    if job.is_stale(now):
        services.record.write("absence_mail_dropped", now, job.request, kind=job.kind, reason="stale")
        return
    if now < job.due_at:
        seconds = math.ceil((job.due_at - now).total_seconds())
        services.post_box.post(job, delay=min(MAX_DELAY, timedelta(seconds=seconds)))
        return
    absences = _count_settled(services, job)
    services.post_box.post(*_mails(services, job, absences))
    for family in {absence.account.ref for absence in absences if not absence.account.emails}:
        services.record.write(
            "absence_mail_dropped", now, job.request, account=family, kind=job.kind, reason="no_address"
        )


def _count_settled(services: Services, job: AbsencesDue) -> tuple[_Absence, ...]:
    """Count the absences of a roll, and again if the office excused one of them concurrently. Raises `Unavailable`."""
    stores = services.teaching
    ref = RollRef(job.site, job.course, date.fromisoformat(job.day))
    for _ in range(RACES):
        roll, changes, count = services.database.read_together(
            stores.rolls.lookup(ref), stores.changes.lookup(ref.site, ref.course), stores.absences.counted.lookup(ref)
        )
        is_held = changes.takes_place(ref.day)
        absent = roll.absent_since(job.asked_at) if is_held else ()
        of_later_jobs = roll.absent.difference(absent) if is_held else frozenset()
        absences = _unannounced(services, ref, absent)
        _count(services, ref, absences, count.pupils - of_later_jobs)
        if stores.rolls.find(ref).version == roll.version:
            return absences
    raise Unavailable("the roll keeps changing")


def _unannounced(services: Services, ref: RollRef, absent: Collection[PupilRef]) -> tuple[_Absence, ...]:
    """List the absences of these pupils that no family announced, of those still on the course."""
    if not absent:
        return ()
    lookup = services.teaching.announcements.lookup
    accounts = tuple(dict.fromkeys(AccountRef(ref.site, pupil.identifier) for pupil in absent))
    lookups: list[Lookup[Any]] = [lookup(ref.site, pupil) for pupil in absent]
    rows = services.database.read_together(*lookups, *map(services.accounts.lookup, accounts))
    families = {account.ref: account for account in rows[len(absent) :] if account}
    absences = (
        _absence(families.get(AccountRef(ref.site, row.pupil.identifier)), row, ref) for row in rows[: len(absent)]
    )
    return tuple(absence for absence in absences if absence)


def _absence(account: Account | None, absences: PupilAbsences, ref: RollRef) -> _Absence | None:
    if account is None or account.gone_at or absences.is_announced(ref.course, ref.day):
        return None
    course = courses_of(account, absences.pupil.key).get(ref.course)
    return _Absence(account, absences.pupil, course) if course else None


def _count(services: Services, ref: RollRef, absences: Iterable[_Absence], former: frozenset[PupilRef]) -> None:
    """Set each count from the roll. The pupils are noted first, so that a rerun repairs a crash."""
    store, lesson = services.teaching.absences, (ref.course, ref.day)
    disciplines = {absence.pupil: absence.course.discipline for absence in absences}
    if not disciplines.keys() <= former:
        store.counted.note(ref, disciplines)
    for pupil in sorted(former | disciplines.keys(), key=lambda pupil: pupil.name):
        store.revise_at(ref.site, pupil, partial(_counted, lesson=lesson, discipline=disciplines.get(pupil)))


def _counted(before: UnexcusedAbsences, lesson: LessonKey, discipline: str | None) -> UnexcusedAbsences:
    return before.without(lesson) if discipline is None else before.with_lesson(lesson, discipline)


def _mails(services: Services, job: AbsencesDue, absences: Iterable[_Absence]) -> tuple[AbsenceMail, ...]:
    mail = partial(AbsenceMail, course=job.course, day=job.day)
    return tuple(
        item
        for absence in absences
        for item in jobs_to_each(
            services, absence.account, partial(mail, pupil=absence.pupil.key), job.request, job.asked_at
        )
    )


def _prove(services: Services, job: AbsenceMail, now: datetime) -> ConfirmedMail | str:
    """Check that the pupil is still absent."""
    if job.is_stale(now):
        return "stale"
    stores, pupil = services.teaching, PupilRef(job.identifier, job.pupil)
    ref = RollRef(job.site, job.course, date.fromisoformat(job.day))
    lookups: list[Lookup[Any]] = [
        services.accounts.lookup(AccountRef(job.site, job.identifier)),
        stores.announcements.lookup(job.site, pupil),
        stores.rolls.lookup(ref),
        stores.changes.lookup(job.site, job.course),
    ]
    account, absences, roll, changes = services.database.read_together(*lookups)
    absence, mark = _absence(account, absences, ref), _mark(roll, pupil)
    if absence is None or mark is None or not changes.takes_place(ref.day):
        return "not_so"
    email = absence.account.mailbox(job.mailbox, services.record.pseudonyms)
    facts = _facts(services, absence, email, (ref, mark)) if email else {}
    once = ("absence", job.course, job.day, job.identifier, job.pupil, job.mailbox)
    return ConfirmedMail(absence.account.ref, email, "absence", facts, once)


def _about(services: Services, job: AbsenceMail, reason: str) -> dict[str, Any]:
    return account_facts(services, job, reason) | ({"kind": job.kind} if reason else {})


MAIL: Final = DescribedMail((AbsenceMail,), _prove, "absence_mailed", "absence_mail_dropped", _about)


def _mark(roll: Roll, pupil: PupilRef) -> RollMark | None:
    roll_mark = roll.marks.get(pupil)
    return roll_mark if roll_mark and roll_mark.mark == "absent" else None


def _facts(services: Services, absence: _Absence, email: str, pair: tuple[RollRef, RollMark]) -> dict[str, object]:
    """List the letter's facts for its reader: separated coordinates of another guardian are left out."""
    ref, mark = pair
    return {
        "site": services.settings.network.site(ref.site),
        "account": as_addressed(absence.account, email),
        "pupil_name": absence.name,
        "path": f"/extranet/compte/eleves/{absence.pupil.key}",
        "course": absence.course,
        "weekday": WEEKDAYS[ref.day.weekday()],
        "day": ref.day,
        "marked_at": mark.since,
    }
