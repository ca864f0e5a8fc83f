"""The documents required from a new family, by its candidates' wishes, and the folder of its files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from chalicelib.domain.dossiers.documents import FOYER, DocumentRule, DueDocument, RequiredDocument, Slot, not_uploaded
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.family.postal import Address
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import OVER, Answers, Application, ApplicationRef, Candidate

StepKind = Literal["guardian", "candidate", "documents", "summary"]
Lacking = dict[str, tuple[str, ...]]  # fields of a form, each with its error codes


@frozen
class ApplicationStep:
    """One step: whether it is done, and the key and name of its candidate, if any."""

    kind: StepKind
    is_done: bool
    key: str = ""
    name: str = ""


def asked_for(application: Application) -> tuple[Candidate, ...]:
    """List the candidates whose answers may change: neither accepted, declined nor withdrawn."""
    return tuple(one for one in application.answers.candidates if application.state(one.key) not in OVER)


def missing_of_guardian(answers: Answers) -> Lacking:
    """List the errors of the guardian's step by field."""
    lacking = {} if answers.guardian else {"nom": ("own_name_missing",)}
    lacking |= {} if answers.telephone else {"telephone": ("telephone_missing",)}
    return lacking | Address.from_lines(answers.address).errors


def missing_of_candidate(candidate: Candidate) -> Lacking:
    """List the unanswered fields of a candidate's step, including those of half-chosen wishes."""
    lacking = {
        "prenom": "" if candidate.first_name else "first_name_missing",
        "nom": "" if candidate.last_name else "last_name_missing",
        "naissance": "" if candidate.born_on else "birth_date_missing",
        "discipline-1": "" if candidate.wishes else "wish_missing",
        **{
            name: code
            for rank, wish in enumerate(candidate.wishes, 1)
            for name, value, code in (
                (f"discipline-{rank}", wish.discipline, "wish_discipline_missing"),
                (f"site-{rank}", wish.site, "wish_site_missing"),
            )
            if not value
        },
    }
    return {name: (code,) for name, code in lacking.items() if code}


def waits(application: Application) -> bool:
    """Whether the family has something to send: changed answers, or a completion that the office asked for."""
    asks = (application.state(candidate.key) for candidate in application.live)
    return application.draft is not None or "to_complete" in asks


def steps(application: Application, slots: Sequence[Slot]) -> tuple[ApplicationStep, ...]:
    """List the steps in order. `slots`: the documents currently asked for."""
    answers = application.answers
    candidates = tuple(map(_of_candidate, asked_for(application))) or (ApplicationStep("candidate", is_done=False),)
    return (
        ApplicationStep("guardian", not missing_of_guardian(answers)),
        *candidates,
        *_documents(application, slots),
        ApplicationStep("summary", application.sent is not None and not waits(application)),
    )


def next_step(all_steps: Iterable[ApplicationStep]) -> ApplicationStep | None:
    """Find the first step that is not done. None if the family has nothing left to do."""
    return next((step for step in all_steps if not step.is_done), None)


def without_moments(answers: Answers) -> Answers:
    """Remove the dates of the wishes, to compare only the answers."""
    candidates = (
        replace(candidate, wishes=tuple(replace(wish, since=None) for wish in candidate.wishes))
        for candidate in answers.candidates
    )
    return replace(answers, candidates=tuple(candidates))


def _of_candidate(candidate: Candidate) -> ApplicationStep:
    return ApplicationStep("candidate", not missing_of_candidate(candidate), candidate.key, candidate.name)


def _documents(application: Application, slots: Sequence[Slot]) -> tuple[ApplicationStep, ...]:
    documents = [application.document(*slot) for slot in slots]
    is_done = all(document and not document.is_refused for document in documents)
    return (ApplicationStep("documents", is_done),) if slots else ()


FOLDER: Final = "requests/"


def application_folder(ref: ApplicationRef) -> str:
    """Build the key prefix of all files uploaded for an application."""
    return f"{FOLDER}{ref.season}/{ref.mailbox}/"


def required_documents(
    rules: Iterable[DocumentRule], application: Application, today: date
) -> tuple[RequiredDocument, ...]:
    """List the required documents, of the household or of each candidate. Empty if no candidate asks for a place."""
    return tuple(document for rule in rules for document in _required_by(rule, asked_for(application), today))


def due_documents(rules: Iterable[DocumentRule], application: Application, today: date) -> tuple[DueDocument, ...]:
    """List the required documents that are not received."""
    return not_uploaded(required_documents(rules, application, today), application)


def _required_by(rule: DocumentRule, candidates: tuple[Candidate, ...], today: date) -> Iterator[RequiredDocument]:
    if rule.of == "household":
        if any(not rule.sites or any(wish.site in rule.sites for wish in candidate.wishes) for candidate in candidates):
            yield RequiredDocument(rule, FOYER)
        return
    for candidate in candidates:
        if _is_required_of(rule, candidate, today):
            yield RequiredDocument(rule, candidate.key, candidate.name)


def _is_required_of(rule: DocumentRule, candidate: Candidate, today: date) -> bool:
    """Whether one wish meets all the rule's conditions on wishes, and the candidate the age condition."""
    disciplines = [wish.discipline for wish in candidate.wishes if not rule.sites or wish.site in rule.sites]
    is_adult = Pupil(candidate.name, candidate.born_on).is_adult(today)
    return bool(disciplines) and rule.is_required_for(disciplines, is_adult=is_adult)
