"""The step of one pupil: it goes on, course by course, or changes, or leaves, until the last day for reconsidering."""

from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.refusals import NotThere, PupilDecided
from chalicelib.flows.reenrolment import Enrolling, Said, Saving, save
from chalicelib.services import Client, Services


def file_of(enrolling: Enrolling, key: str) -> PupilFile:
    """Give the file of a pupil of this family. Raises `NotThere` for a key that is none of its pupils'."""
    pupil = enrolling.pupils.get(key)
    if pupil is None:
        raise NotThere
    return enrolling.enrolment.file_of(key, pupil.name)


def keep(
    services: Services, enrolling: Enrolling, pupil: tuple[str, PupilAnswers], said: Said, client: Client
) -> Enrolment:
    """Save the answers for a pupil, by its key, whole or to be finished later; what is refused changes nothing.

    Raises `FieldsRefused`, `LessComplete`, `NotThere`, `PeriodClosed`, `PupilDecided`, `StepMoved`, `EnrolmentFull`.
    """
    key, answers = pupil
    known = file_of(enrolling, key)
    enrolling.check_open()
    _check_undecided(known)
    lacking = {each: (_code(each, answers),) for each in answers.lacking}
    saved = enrolling.saved_by(said.by, {} if said.later else lacking)

    def apply(found: Enrolment) -> Enrolment:
        file = found.file_of(key, known.name)
        _check_undecided(file)
        return found.with_pupil(file.drafted(answers, saved), enrolling.now)

    step = Saving(
        part=lambda found: found.file_of(key, known.name).answers,
        saved=lambda found: found.file_of(key, known.name).saved,
        apply=apply,
        said=said,
        lacking=lacking,
        is_whole=lambda found: found.file_of(key, known.name).is_answered,
    )
    return save(services, enrolling, step, client)


def _check_undecided(file: PupilFile) -> None:
    if not file.is_open:
        raise PupilDecided(file)


def _code(name: str, answers: PupilAnswers) -> str:
    if name != "choix":
        return "wish_contradicted" if name.startswith("cours-") else "wanted_missing"
    return "choice_missing" if answers.stays is None else "stops_everything"
