"""Unexcused absences for the office: the pupils often absent, and an absence excused afterwards with a reason."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.text import fold
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office import audit_notes
from chalicelib.office.account import audit, check_author
from chalicelib.office.parts import FamilyPart, FamilyQuery, TodayPart
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef, UnexcusedAbsences
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

OFTEN: Final = 3  # unexcused absences in a school year, from which the office lists a pupil


@frozen
class MissedLesson:
    """A lesson missed without an excuse."""

    course: str  # its key
    day: date
    discipline: str


@frozen
class AbsentPupil:
    """A pupil with their absences, latest first, and their family."""

    account: Account
    pupil: PupilRef
    name: str
    lessons: tuple[MissedLesson, ...]


def _look_up_family(query: FamilyQuery) -> list[Lookup[UnexcusedAbsences]]:
    ref, absences = query.account.ref, query.services.teaching.absences
    return [absences.lookup(ref.site, PupilRef(ref.identifier, key)) for key in query.account.household.pupils_by_key]


def _count_of_family(query: FamilyQuery, absences: Sequence[UnexcusedAbsences]) -> dict[str, int]:
    """Count the absences of the school year, by their pupil's key."""
    pupils, day = query.account.household.pupils_by_key, today(query.now)
    return {key: len(one.in_year(day)) for key, one in zip(pupils, absences, strict=True)}


FAMILY_PART: Final = FamilyPart("absences", _look_up_family, _count_of_family)


def count_often_absent(services: Services, site: str, now: datetime) -> tuple[int, date | None]:
    """Count the pupils of a site who are often absent, and find the day of their oldest absence (Query)."""
    rows = _counted(services, site, today(now))
    days = (day for absences in rows for _, day in absences.in_year(today(now)))
    return len(rows), min(days, default=None)


TODAY_PART: Final = TodayPart("absences", count_often_absent)


def often_absent(services: Services, sites: Iterable[str], now: datetime) -> tuple[AbsentPupil, ...]:
    """List the often absent pupils of some sites, by name, except those no longer on file."""
    day = today(now)
    return _listed(services, [one for site in sites for one in _counted(services, site, day)], day)


def absent_of_family(services: Services, family: AccountRef, now: datetime) -> tuple[AbsentPupil, ...]:
    """List the pupils of one family with unexcused absences (Query)."""
    day, rows = today(now), services.teaching.absences.all(family.site, family.identifier)
    return _listed(services, [one for one in rows if one.in_year(day)], day)


def _listed(services: Services, rows: Sequence[UnexcusedAbsences], day: date) -> tuple[AbsentPupil, ...]:
    refs = list(dict.fromkeys(_family(one) for one in rows))
    accounts = dict(zip(refs, services.accounts.find_all(*refs) if refs else (), strict=True))
    absent_pupils = (_often_absent(accounts[_family(one)], one, day) for one in rows)
    return tuple(sorted(filter(None, absent_pupils), key=lambda pupil: (fold(pupil.name), pupil.pupil.name)))


def _counted(services: Services, site: str, day: date) -> list[UnexcusedAbsences]:
    return [one for one in services.teaching.absences.all(site) if len(one.in_year(day)) >= OFTEN]


def _family(absences: UnexcusedAbsences) -> AccountRef:
    return AccountRef(absences.site, absences.pupil.identifier)


def _often_absent(account: Account | None, absences: UnexcusedAbsences, day: date) -> AbsentPupil | None:
    pupil = account.household.pupils_by_key.get(absences.pupil.key) if account else None
    if account is None or pupil is None:
        return None
    lessons = (MissedLesson(*lesson, discipline) for lesson, discipline in absences.in_year(day).items())
    latest_first = sorted(lessons, key=lambda lesson: (lesson.day, lesson.discipline), reverse=True)
    return AbsentPupil(account, absences.pupil, pupil.name, tuple(latest_first))


def excuse(services: Services, ref: RollRef, pupil: PupilRef, author: Author, now: datetime) -> bool:
    """Excuse one absence afterwards: in its roll, then in the count. Returns whether there was one.

    Audited first. Repeating it completes it after a fault. The roll's other absences, and their mails, are unchanged.
    Raises `NotThere` or `OfficeRefusal`.
    """
    author, stores, family = check_author(author), services.teaching, AccountRef(ref.site, pupil.identifier)
    lookups: tuple[Lookup[Any], ...] = (
        services.accounts.lookup(family),
        stores.absences.lookup(ref.site, pupil),
        stores.rolls.lookup(ref),
    )
    account, absences, roll = services.database.read_together(*lookups)
    learner = account.household.pupils_by_key.get(pupil.key) if account else None
    if learner is None:
        raise NotThere
    lesson = (ref.course, ref.day)
    is_absent, discipline = roll.mark_of(pupil) == "absent", absences.lessons.get(lesson, "")
    if is_absent:
        why = f"{audit_notes.lesson(learner.name, discipline, ref.day)} : {author.why}"
        audit(services, family, "absence_excused", Author(author.who, why), now)
        stores.rolls.revise(roll, lambda found: _excused(found, pupil, author.who, now))
    # Read again, as the roll may have been counted before it was excused.
    stores.absences.revise_at(ref.site, pupil, lambda found: found.without(lesson))
    return is_absent or lesson in absences.lessons


def _excused(roll: Roll, pupil: PupilRef, by: str, now: datetime) -> Roll:
    if roll.mark_of(pupil) != "absent":
        return roll
    return roll.save({other: one.mark for other, one in roll.marks.items()} | {pupil: "excused"}, by, now)
