"""The step « Mon foyer »: coordinates confirmed, payer, image rights, rules accepted, whom to call in an emergency."""

from typing import Final

from chalicelib.domain.enrolment.answers import HouseholdAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.flows.reenrolment import Enrolling, Said, Saving, save
from chalicelib.services import Client, Services

_LACKING: Final = {
    "coordonnees": "coordinates_missing",
    "payeur": "payer_missing",
    "image": "image_missing",
    "urgence_nom": "emergency_name_missing",
    "urgence_telephone": "emergency_telephone_missing",
    "reglement": "rules_missing",
}


def keep(services: Services, enrolling: Enrolling, answers: HouseholdAnswers, said: Said, client: Client) -> Enrolment:
    """Save the household's answers, whole or to be finished later; what is refused changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    enrolling.check_open()
    lacking = {name: (_LACKING[name],) for name in answers.lacking}
    saved = enrolling.saved_by(said.by, {} if said.later else lacking)
    step = Saving(
        part=lambda found: found.household,
        saved=lambda found: found.household_saved,
        apply=lambda found: found.with_household(answers, saved),
        said=said,
        lacking=lacking,
        is_whole=lambda found: not found.household.lacking,
    )
    return save(services, enrolling, step, client)
