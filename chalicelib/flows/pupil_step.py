"""The step of one pupil: it goes on, course by course, or changes, or leaves, until the last day for reconsidering."""

from chalicelib.domain.answers import PupilAnswers
from chalicelib.domain.enrolments import Enrolment, PupilFile
from chalicelib.domain.refusals import FieldsRefused, NotThere, PupilDecided
from chalicelib.flows.reenrolment import Enrolling, Said, Saving, mark_of, save
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
    """Save the answers for a pupil, by its key; then refuse what lacks, unless the family goes on later.

    Raises `FieldsRefused` (what was answered is saved all the same), `NotThere`, `PeriodClosed`, `PupilDecided`,
    `StepMoved`.
    """
    key, answers = pupil
    name = file_of(enrolling, key).name
    saved = enrolling.saved_by(said.by)

    def apply(found: Enrolment) -> Enrolment:
        file = found.file_of(key, name)
        if not file.is_open:
            raise PupilDecided(file)
        return found.with_pupil(file.drafted(answers, saved), enrolling.now)

    step = Saving(
        part=lambda found: found.file_of(key, name).answers,
        saved=lambda found: found.file_of(key, name).saved,
        apply=apply,
        shown=said.shown,
    )
    after = save(services, enrolling, step, client)
    if answers.lacking and not said.later:
        raise FieldsRefused({name: (_code(name, answers),) for name in answers.lacking}, mark_of(answers))
    return after


def _code(name: str, answers: PupilAnswers) -> str:
    if name != "choix":
        return "wanted_missing"
    return "choice_missing" if answers.stays is None else "stops_everything"
