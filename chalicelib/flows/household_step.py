"""The step « Mon foyer »: coordinates confirmed, payer, image rights, rules accepted, whom to call in an emergency."""

from typing import Final

from chalicelib.domain.answers import HouseholdAnswers
from chalicelib.domain.enrolments import Enrolment
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.reenrolment import Enrolling, Said, Saving, mark_of, save
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
    """Save the household's answers; then refuse what lacks, unless the family goes on later.

    Raises `FieldsRefused` (what was answered is saved all the same), `PeriodClosed`, `StepMoved`.
    """
    saved = enrolling.saved_by(said.by)
    step = Saving(
        part=lambda found: found.household,
        saved=lambda found: found.household_saved,
        apply=lambda found: found.with_household(answers, saved),
        shown=said.shown,
    )
    after = save(services, enrolling, step, client)
    if answers.lacking and not said.later:
        raise FieldsRefused({name: (_LACKING[name],) for name in answers.lacking}, mark_of(answers))
    return after
