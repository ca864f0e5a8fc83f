"""The step « Mon foyer »: coordinates confirmed, payer, image rights, rules accepted, whom to call in an emergency."""

from typing import Final

from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.flows.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.services import Client, Services

_LACKING: Final = {
    "coordonnees": "coordinates_missing",
    "payeur": "payer_missing",
    "image": "image_missing",
    "urgence_nom": "emergency_name_missing",
    "urgence_telephone": "emergency_telephone_missing",
    "reglement": "rules_missing",
}


def save_household(
    services: Services, context: EnrolmentContext, answers: HouseholdAnswers, submission: StepSubmission, client: Client
) -> Enrolment:
    """Save the household's answers, whole or to be finished later; what is refused changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    context.check_open()
    lacking = {name: (_LACKING[name],) for name in answers.lacking}
    saved = context.saved_by(submission.by, {} if submission.later else lacking)
    step = StepUpdate(
        part=lambda current: current.household,
        saved=lambda current: current.household_saved,
        apply=lambda current: current.with_household(answers, saved),
        submission=submission,
        lacking=lacking,
        is_complete=lambda current: not current.household.lacking,
    )
    return save_step(services, context, step, client)
