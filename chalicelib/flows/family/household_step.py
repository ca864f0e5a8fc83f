"""The step « Mon foyer »: what a family answers once for all its pupils is saved, whole or to be finished later."""

from dataclasses import replace

from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.family.redaction import HIDDEN
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.services.family import Client, Services


def save_household(
    services: Services, context: EnrolmentContext, answers: HouseholdAnswers, submission: StepSubmission, client: Client
) -> Enrolment:
    """Save the household's answers, whole or to be finished later; what is refused changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    context.check_open()
    lacking = {field.name: (field.missing,) for field in HOUSEHOLD_FIELDS if field.name in answers.lacking}
    saved = context.saved_by(submission.by, {} if submission.later else lacking)

    def apply(current: Enrolment) -> Enrolment:
        whole = context.unhide(answers, _stands(context.on_file(current)))
        if HIDDEN in whole.emergency_telephone:
            raise FieldsRefused({"urgence_telephone": ("telephone_malformed",)})
        return current.with_household(replace(whole, image_rights=current.household.image_rights), saved)

    step = StepUpdate(
        part=lambda current: current.household,
        saved=lambda current: current.household_saved,
        apply=apply,
        submission=submission,
        lacking=lacking,
        is_complete=lambda current: not current.household.lacking,
    )
    return save_step(services, context, step, client)


def _stands(context: EnrolmentContext) -> HouseholdAnswers:
    """Find what the form began from, as it stands on file: what is saved, else what was sent last year."""
    saved, last = context.enrolment.household, context.last.sent_household or HouseholdAnswers()
    began = replace(last, payer=context.proposed_payer)
    names = (field.attribute for field in HOUSEHOLD_FIELDS if field.is_typed)
    return replace(saved, **{name: getattr(saved, name) or getattr(began, name) for name in names})
