"""A course lent to a substitute for days, and taken back: audited first. Of concurrent acts, one wins."""

from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.periods import name_of_year, today, year_ends_at
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.acts import StaffAct, StaffActKind
from chalicelib.office import audit_notes
from chalicelib.office.account import check_author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.members import note
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.teachers import Share
from chalicelib.wings.teaching.office.courses import CourseDetails
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services

_AHEAD: Final = timedelta(days=366)


@frozen
class LoanInput:
    """The author, the reason, and the substitute's address. `version`: that of the loans on the page."""

    email: str
    author: Author
    version: str


def lend(
    services: Services, details: CourseDetails, loan_input: LoanInput, days: tuple[date, date], now: datetime
) -> bool:
    """Lend a course to a substitute for days, both included. Returns whether it changed. Raises `OfficeRefusal`."""
    member = next((one for one in details.substitutes if one.email == loan_input.email), None)
    if member is None:
        raise OfficeRefusal("loan_substitute_unknown")
    _check_days(*days, now)
    if any(loan.member == member and (loan.share.first_on, loan.share.last_on) == days for loan in details.loans):
        return False
    author = check_author(loan_input.author)
    name = details.name.timetable.teacher
    share = Share(details.site.code, name, details.course.key, *days, author.who)
    _take_turn(services, details, loan_input, now)
    note(services, _act("course_lent", details, share, author, now), member)
    teachers = services.teaching.teachers
    teachers.revise_at(member.email, lambda teacher: teacher.without_past(today(now)).with_share(share))
    return True


def take_back(services: Services, details: CourseDetails, loan_input: LoanInput, now: datetime) -> bool:
    """Take a course back from a substitute. Returns whether anything changed. Raises `OfficeRefusal`."""
    loan = next((one for one in details.loans if one.member.email == loan_input.email), None)
    if loan is None:
        return False
    author = check_author(loan_input.author)
    _take_turn(services, details, loan_input, now)
    note(services, _act("course_taken_back", details, loan.share, author, now), loan.member)
    services.teaching.teachers.revise_at(loan_input.email, lambda teacher: teacher.without_share(loan.share))
    return True


def _check_days(first_on: date, last_on: date, now: datetime) -> None:
    if last_on < first_on:
        raise OfficeRefusal("loan_backwards")
    if last_on < today(now):
        raise OfficeRefusal("loan_past")
    begins_on = max(first_on, today(now))
    if begins_on - today(now) > _AHEAD or last_on >= year_ends_at(name_of_year(begins_on)).date():
        raise OfficeRefusal("loan_far")


def _take_turn(services: Services, details: CourseDetails, loan_input: LoanInput, now: datetime) -> None:
    expires = year_ends_at(str(int(name_of_year(today(now))) + 1))  # loans end with the next school year
    try:
        services.teaching.teachers.take_turn(details.site.code, details.course.key, loan_input.version, expires)
    except WriteConflict:
        raise OfficeRefusal("loan_moved") from None


def _act(kind: StaffActKind, loan: CourseDetails, share: Share, author: Author, now: datetime) -> StaffAct:
    slot = loan.course.slot and f", {loan.course.slot}"
    days = audit_notes.days(share.first_on, share.last_on)
    return StaffAct(kind, author, now, about=f"{loan.course.discipline}{slot}, {share.teacher}, {share.site}, {days}")
