"""The parts of a note in the audit trail that the office writes itself: a note is kept as it was written, in French."""

from datetime import date, datetime

from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.texts import day, day_and_hour


def former_text(decision: EnrolmentDecision | None) -> str:
    """Note the decision that a newer one replaces. Empty for none."""
    return f", au lieu de : {enrolments.decision(decision)}" if decision else ""


def lesson(pupil: str, discipline: str, on: date) -> str:
    """Note a lesson of a pupil."""
    return f"{pupil}, {discipline}, {day(on)}"


def until(last_on: date) -> str:
    """Note a last day."""
    return f"jusqu'au {day(last_on)}"


def moment(when: date) -> str:
    """Note a day, or a moment."""
    return f"le {day_and_hour(when) if isinstance(when, datetime) else day(when)}"


def days(first_on: date, last_on: date) -> str:
    """Note some days."""
    return f"du {day(first_on)} au {day(last_on)}"
