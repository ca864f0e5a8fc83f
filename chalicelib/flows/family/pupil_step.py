"""The step of one pupil: they continue, course by course, or change, or leave, until the last day for changes."""

from dataclasses import replace

from chalicelib.domain.enrolment.answers import ADDED, HOUSEHOLD_FIELDS, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.family.redaction import HIDDEN
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.flows.family.reenrolment import EnrolmentContext, StepSubmission, StepUpdate, save_step
from chalicelib.services.family import Services, Visit


class PupilDecided(FormRefusal):
    """The office has accepted or declined this pupil: the family has to call the office."""

    code = "pupil_decided"

    def __init__(self, pupil: PupilFile) -> None:
        super().__init__(self.code)
        self.pupil = pupil


def save_household(
    visit: Visit[Services], context: EnrolmentContext, answers: HouseholdAnswers, submission: StepSubmission
) -> Enrolment:
    """Save the household's answers, complete or to be finished later. A refusal changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    context.check_open()
    lacking = {field.name: (field.missing,) for field in HOUSEHOLD_FIELDS if field.name in answers.lacking}
    author = context.saved_by(submission.by, {} if submission.later else lacking)

    def apply(current: Enrolment) -> Enrolment:
        whole = context.unhide(answers, _stands(context.on_file(current)))
        if HIDDEN in whole.emergency_telephone:
            raise FieldsRefused({"urgence_telephone": ("telephone_malformed",)})
        return current.with_household(replace(whole, image_rights=current.household.image_rights), author)

    step = StepUpdate(
        part=lambda current: current.household,
        author=lambda current: current.household_saved,
        apply=apply,
        submission=submission,
        lacking=lacking,
        is_complete=lambda current: not current.household.lacking,
    )
    return save_step(visit, context, step)


def _stands(context: EnrolmentContext) -> HouseholdAnswers:
    """Return the answers that prefill the form, as on file: the saved ones, else those sent last year."""
    answers, last = context.enrolment.household, context.last.sent_household or HouseholdAnswers()
    began = replace(last, payer=context.proposed_payer)
    names = (field.attribute for field in HOUSEHOLD_FIELDS if field.is_typed)
    return replace(answers, **{name: getattr(answers, name) or getattr(began, name) for name in names})


def file_of(context: EnrolmentContext, key: str) -> PupilFile:
    """Find the file of a pupil of this family. Raises `NotThere` for any other key."""
    pupil = context.pupils.get(key)
    if pupil is None:
        raise NotThere
    return context.enrolment.file_of(key, pupil.name)


def answers_shown(enrolment: Enrolment, file: PupilFile) -> PupilAnswers | None:
    """Return the answers whose version a form carries. Forms opened before consents were per pupil stay valid."""
    answers = file.answers
    is_household_s = answers and answers.image_rights == enrolment.household.image_rights
    return replace(answers, image_rights=None) if answers and is_household_s else answers


def save_pupil(
    visit: Visit[Services], context: EnrolmentContext, pupil: tuple[str, PupilAnswers], submission: StepSubmission
) -> Enrolment:
    """Save the answers for a pupil, by key, complete or to be finished later. A refusal changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `NotThere`, `PeriodClosed`, `PupilDecided`, `StepMoved`, `EnrolmentFull`.
    """
    key, new_answers = pupil
    file, answers = file_of(context, key), new_answers.with_image_rights(standing=context.image_rights_of(key))
    context.check_open()
    _check_undecided(file)
    lacking = {name: (_code(name, answers),) for name in answers.lacking}
    author = context.saved_by(submission.by, {} if submission.later else lacking)

    def apply(current: Enrolment) -> Enrolment:
        current_file = current.file_of(key, file.name)
        _check_undecided(context.see(current).file_of(key, file.name))
        whole = context.unhide(answers, current_file.answers)
        return current.with_pupil(current_file.with_draft(whole, author), context.now)

    step = StepUpdate(
        part=lambda current: current.file_of(key, file.name).answers,
        author=lambda current: current.file_of(key, file.name).saved,
        apply=apply,
        submission=submission,
        lacking=lacking,
        is_complete=lambda current: current.file_of(key, file.name).is_answered,
        view=lambda current: answers_shown(current, current.file_of(key, file.name)),
    )
    return save_step(visit, context, step)


def save_image_rights(
    visit: Visit[Services], context: EnrolmentContext, pupil: tuple[str, bool | None], submission: StepSubmission
) -> Enrolment:
    """Save only the consent for a pupil, by key. After the office's decision too: it then counts at once.

    Raises `FieldsRefused`, `NotThere`, `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    key, agrees = pupil
    file = file_of(context, key)
    context.check_open()
    lacking = {} if agrees is not None else {"image": ("image_rights_missing",)}
    author = context.saved_by(submission.by, lacking)
    step = StepUpdate(
        part=lambda current: current.file_of(key, file.name).answers,
        author=lambda current: current.file_of(key, file.name).saved,
        apply=lambda current: current.with_pupil(
            current.file_of(key, file.name).with_image_rights(author, agrees=agrees), context.now
        ),
        submission=submission,
        lacking=lacking,
        view=lambda current: answers_shown(current, current.file_of(key, file.name)),
    )
    return save_step(visit, context, step)


def _check_undecided(file: PupilFile) -> None:
    if not file.is_open:
        raise PupilDecided(file)


def _code(name: str, answers: PupilAnswers) -> str:
    if name == "image":
        return "image_rights_missing"
    if name == f"discipline-{ADDED}":
        return "addition_missing"
    if name != "choix":
        return "wish_contradicted" if name.startswith("cours-") else "wanted_missing"
    return "choice_missing" if answers.stays is None else "stops_everything"
