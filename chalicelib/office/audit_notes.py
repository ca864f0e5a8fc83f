"""The parts of a note in the audit trail that the office writes itself: a note is kept as it was written, in French."""

from datetime import date

from chalicelib.domain.admission import applications as admission
from chalicelib.domain.enrolment import enrolments as enrolment
from chalicelib.presentation.office import applications, enrolments
from chalicelib.presentation.texts import day


def former_text(decision: admission.AdmissionDecision | enrolment.EnrolmentDecision | None) -> str:
    """Note the decision that a newer one replaces. Empty for none."""
    if decision is None:
        return ""
    if isinstance(decision, enrolment.EnrolmentDecision):
        return f", au lieu de : {enrolments.decision(decision)}"
    return f", au lieu de : {applications.decision(decision)}"


def lesson(pupil: str, discipline: str, on: date) -> str:
    """Note a lesson of a pupil."""
    return f"{pupil}, {discipline}, {day(on)}"


def days(first_on: date, last_on: date) -> str:
    """Note some days."""
    return f"du {day(first_on)} au {day(last_on)}"
