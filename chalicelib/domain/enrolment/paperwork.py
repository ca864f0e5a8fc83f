"""The required documents, by rule and owner, for the current answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from chalicelib.domain.dossiers.documents import (
    FOYER,
    DocumentRule,
    DueDocument,
    ProvidedDocument,
    RequiredDocument,
    Slot,
    not_uploaded,
)
from chalicelib.domain.enrolment.answers import CourseChoice, CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt, State
from chalicelib.domain.enrolment.submissions import sendable
from chalicelib.domain.family.households import Pupil
from chalicelib.values import frozen

StepKind = Literal["household", "pupil", "documents", "summary"]


@frozen
class EnrolmentStep:
    """One step: its pupil by key and name, if any, and whether it is done.

    `promised`: the number of documents promised on paper. The page asks for nothing more, but they are still to come.
    """

    kind: StepKind
    is_done: bool
    key: str = ""
    name: str = ""
    state: State = "none"
    promised: int = 0


def steps(enrolment: Enrolment, pupils: Mapping[str, Pupil], slots: Sequence[Slot]) -> tuple[EnrolmentStep, ...]:
    """List the steps in order. `slots`: the documents currently asked for.

    A family whose pupils all leave has no other step. One without pupils has nothing to send.
    """
    files = tuple(enrolment.file_of(key, pupil.name) for key, pupil in pupils.items())
    pupil_steps = tuple(EnrolmentStep("pupil", _is_answered(file), file.key, file.name, file.state) for file in files)
    is_sent = not sendable(enrolment, pupils) and all(file.sent and file.draft is None for file in files)
    is_sent = is_sent and not household_waits(enrolment, pupils)
    summary = EnrolmentStep("summary", is_done=is_sent and all(step.is_done for step in pupil_steps))
    if all_leave(enrolment, pupils):
        return (*pupil_steps, summary)
    household = EnrolmentStep("household", not enrolment.household.lacking, state=enrolment.household_state)
    return (household, *pupil_steps, *_documents(enrolment, slots), *((summary,) if files else ()))


def all_leave(enrolment: Enrolment, keys: Iterable[str]) -> bool:
    """Whether every pupil is answered as leaving. False for a family without pupils."""
    answers = [file.answers if file else None for file in map(enrolment.pupil, keys)]
    return bool(answers) and all(answer is not None and answer.stays is False for answer in answers)


def household_waits(enrolment: Enrolment, keys: Iterable[str]) -> bool:
    """Whether the household's answers changed since they were sent, and a pupil stays: they have to be sent."""
    return enrolment.household_state == "changed" and not all_leave(enrolment, keys)


def _documents(enrolment: Enrolment, slots: Sequence[Slot]) -> tuple[EnrolmentStep, ...]:
    documents = (enrolment.document(*slot) for slot in slots)
    documents_noted = [document for document in documents if document and not document.is_refused]
    promised_count = sum(document.is_promised for document in documents_noted)
    return (EnrolmentStep("documents", len(documents_noted) == len(slots), promised=promised_count),) if slots else ()


def _is_answered(pupil: PupilFile) -> bool:
    return pupil.is_answered and pupil.state != "to_complete"


def next_step(all_steps: Sequence[EnrolmentStep]) -> EnrolmentStep | None:
    """Find the first step that is not done. None if the family has nothing left to do."""
    return next((step for step in all_steps if not step.is_done), None)


@frozen
class Learner:
    """A pupil, for the rules: whether it stays, its wished disciplines, and whether it is an adult."""

    key: str
    name: str
    stays: bool | None  # None until answered
    disciplines: tuple[str, ...]
    is_adult: bool


def disciplines_of(pupil: Pupil, answers: PupilAnswers) -> tuple[str, ...]:
    """List a pupil's wished disciplines of next year, or this year's if they have no wishes."""
    if not answers.wishes:
        return tuple(course.discipline for course in pupil.courses)
    return next_disciplines(answers.wishes)


def next_disciplines(wishes: Iterable[CourseWish]) -> tuple[str, ...]:
    """List the disciplines of next year: kept, changed and additional ones."""
    disciplines = (wish.next_discipline for wish in wishes if wish.choice in get_args(CourseChoice))
    return tuple(discipline for discipline in disciplines if discipline)


def required_documents(
    rules: Iterable[DocumentRule], pupils: Mapping[str, Pupil], enrolment: Enrolment, today: date
) -> tuple[RequiredDocument, ...]:
    """List the required documents for a family's current answers."""
    learners = [_learner(key, pupil, enrolment.pupil(key), today) for key, pupil in pupils.items()]
    return documents_required_of(rules, enrolment.ref.account.site, learners)


def documents_required_of(
    rules: Iterable[DocumentRule], site: str, learners: Sequence[Learner]
) -> tuple[RequiredDocument, ...]:
    """List the required documents: the household's if any pupil may stay, and those of each pupil that stays."""
    goes_on = any(learner.stays is not False for learner in learners)
    return tuple(
        document
        for rule in rules
        if not rule.sites or site in rule.sites
        for document in (_of_household(rule, goes_on) if rule.of == "household" else _of_pupils(rule, learners))
    )


def _learner(key: str, pupil: Pupil, file: PupilFile | None, today: date) -> Learner:
    answers = file.answers if file else None
    stays = answers.stays if answers else None
    return Learner(key, pupil.name, stays, disciplines_of(pupil, answers or PupilAnswers()), pupil.is_adult(today))


def due_documents(
    rules: Iterable[DocumentRule], pupils: Mapping[str, Pupil], enrolment: Enrolment, today: date
) -> tuple[DueDocument, ...]:
    """List the required documents that are not uploaded, without those of pupils that the office declined."""
    files = {key: enrolment.pupil(key) for key in pupils}
    pupils_left = {key: pupils[key] for key, file in files.items() if file is None or file.verdict != "declined"}
    return not_uploaded(required_documents(rules, pupils_left, enrolment, today), enrolment)


def _of_household(rule: DocumentRule, goes_on: bool) -> Iterator[RequiredDocument]:  # noqa: FBT001 - one fact
    if goes_on:
        yield RequiredDocument(rule, FOYER)


def _of_pupils(rule: DocumentRule, learners: Iterable[Learner]) -> Iterator[RequiredDocument]:
    for learner in learners:
        if learner.stays and rule.is_required_for(learner.disciplines, is_adult=learner.is_adult):
            yield RequiredDocument(rule, learner.key, learner.name)


Came = Literal["", "with_answers", "handed_in", "uploaded"]


@frozen
class ReceiptDocument:
    """A document of a receipt: its title, its owner (empty for the household), and whether it was uploaded or promised.

    `came`: how the office got it otherwise, with the answers or since. Empty if it is still to come.
    """

    title: str
    owner: str
    is_uploaded: bool
    came: Came = ""

    @property
    def label(self) -> str:
        """Its title and owner, for display."""
        return f"{self.title} ({self.owner})" if self.owner else self.title

    @property
    def is_due(self) -> bool:
        """Whether it is still to come: promised, and not uploaded since."""
        return not self.is_uploaded and not self.came


def receipt_documents(
    rules: Iterable[DocumentRule], receipt: Receipt, now: Iterable[ProvidedDocument] = ()
) -> tuple[ReceiptDocument, ...]:
    """List the documents of a receipt: those of its pupils that stay, and the household's if included.

    `now`: the current documents, which count at once even if not sent again.
    """
    newest = {document.slot: document for document in now}
    titles = {rule.code: rule.title for rule in rules}
    owners = {key: name for key, name, answers in receipt.pupils if answers.stays}
    owners |= {FOYER: ""} if receipt.includes_household else {}
    return tuple(
        ReceiptDocument(
            titles.get(document.code, document.code),
            owners[document.owner],
            bool(document.object_key),
            _came(document, newest.get(document.slot, document)),
        )
        for document in receipt.provided
        if document.owner in owners
    )


def _came(on_receipt: ProvidedDocument, newest: ProvidedDocument) -> Came:
    if on_receipt.object_key or not newest.is_received:
        return ""
    return "with_answers" if on_receipt.is_received else "uploaded" if newest.object_key else "handed_in"
