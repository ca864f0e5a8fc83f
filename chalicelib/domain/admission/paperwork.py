"""The documents required from a new family, by its candidates' wishes, and the folder of its files."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from chalicelib.domain.admission.applications import OVER, Application, ApplicationRef, Candidate
from chalicelib.domain.enrolment.enrolments import FOYER
from chalicelib.domain.enrolment.paperwork import DocumentRule, DueDocument, RequiredDocument
from chalicelib.domain.family.households import Pupil

FOLDER: Final = "requests/"


def request_folder(ref: ApplicationRef) -> str:
    """Build the key prefix of all files uploaded for an application."""
    return f"{FOLDER}{ref.season}/{ref.mailbox}/"


def required_documents(
    rules: Iterable[DocumentRule], application: Application, today: date
) -> tuple[RequiredDocument, ...]:
    """List the required documents, of the household or of each candidate. Empty if no candidate asks for a place."""
    candidates = tuple(one for one in application.answers.candidates if application.state(one.key) not in OVER)
    return tuple(document for rule in rules for document in _required_by(rule, candidates, today))


def due_documents(rules: Iterable[DocumentRule], application: Application, today: date) -> tuple[DueDocument, ...]:
    """List the required documents that are not uploaded."""
    wanted = (
        (document, application.document(*document.slot)) for document in required_documents(rules, application, today)
    )
    return tuple(
        DueDocument(document.label, provided is not None)
        for document, provided in wanted
        if provided is None or not provided.object_key
    )


def _required_by(rule: DocumentRule, candidates: tuple[Candidate, ...], today: date) -> Iterator[RequiredDocument]:
    if rule.of == "household":
        if any(_is_of_sites(rule, candidate) for candidate in candidates):
            yield RequiredDocument(rule, FOYER)
        return
    for candidate in candidates:
        if _is_required_of(rule, candidate, today):
            yield RequiredDocument(rule, candidate.key, candidate.name)


def _is_of_sites(rule: DocumentRule, candidate: Candidate) -> bool:
    return not rule.sites or any(wish.site in rule.sites for wish in candidate.wishes)


def _is_required_of(rule: DocumentRule, candidate: Candidate, today: date) -> bool:
    """Whether one wish meets all the rule's conditions on wishes, and the candidate its age condition."""
    if rule.adults is not None and Pupil(candidate.name, candidate.born_on).is_adult(today) != rule.adults:
        return False
    return any(
        (not rule.sites or wish.site in rule.sites) and (not rule.disciplines or rule.is_about(wish.discipline))
        for wish in candidate.wishes
    )
