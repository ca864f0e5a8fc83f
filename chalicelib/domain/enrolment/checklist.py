"""The steps of a re-enrolment: which are done, and the next one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, State
from chalicelib.domain.enrolment.submissions import sendable
from chalicelib.domain.family.households import Pupil
from chalicelib.values import frozen

StepKind = Literal["household", "pupil", "documents", "summary"]
Slot = tuple[str, str]  # a document's code, and its owner: a pupil's key, or `FOYER`


@frozen
class Step:
    """One step: its pupil by key and name, if any, and whether it is done.

    `promised`: the number of documents promised on paper. The page asks for nothing more, but they are still to come.
    """

    kind: StepKind
    is_done: bool
    key: str = ""
    name: str = ""
    state: State = "none"
    promised: int = 0


def steps(enrolment: Enrolment, pupils: Mapping[str, Pupil], wanted: Sequence[Slot]) -> tuple[Step, ...]:
    """List the steps in order. `wanted`: the documents currently asked for.

    A family whose pupils all leave has no other step. One without pupils has nothing to send.
    """
    files = tuple(enrolment.file_of(key, pupil.name) for key, pupil in pupils.items())
    taken = tuple(Step("pupil", _is_answered(file), file.key, file.name, file.state) for file in files)
    is_sent = not sendable(enrolment, pupils) and all(file.sent and file.draft is None for file in files)
    is_sent = is_sent and not household_waits(enrolment, pupils)
    summary = Step("summary", is_done=is_sent and all(step.is_done for step in taken))
    if everybody_leaves(enrolment, pupils):
        return (*taken, summary)
    household = Step("household", not enrolment.household.lacking, state=enrolment.household_state)
    return (household, *taken, *_documents(enrolment, wanted), *((summary,) if files else ()))


def everybody_leaves(enrolment: Enrolment, keys: Iterable[str]) -> bool:
    """Whether every pupil is answered as leaving. False for a family without pupils."""
    answers = [file.answers if file else None for file in map(enrolment.pupil, keys)]
    return bool(answers) and all(answer is not None and answer.stays is False for answer in answers)


def household_waits(enrolment: Enrolment, keys: Iterable[str]) -> bool:
    """Whether the household's answers changed since they were sent, and a pupil stays: they have to be sent."""
    return enrolment.household_state == "changed" and not everybody_leaves(enrolment, keys)


def _documents(enrolment: Enrolment, wanted: Sequence[Slot]) -> tuple[Step, ...]:
    noted = [document for document in (enrolment.document(*slot) for slot in wanted) if document]
    promised = sum(not document.object_key for document in noted)
    return (Step("documents", len(noted) == len(wanted), promised=promised),) if wanted else ()


def _is_answered(pupil: PupilFile) -> bool:
    return pupil.is_answered and pupil.state != "to_complete"


def next_step(taken: Sequence[Step]) -> Step | None:
    """Find the first step that is not done. None if the family has nothing left to do."""
    return next((step for step in taken if not step.is_done), None)
