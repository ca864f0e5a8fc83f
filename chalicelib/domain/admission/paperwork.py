"""The documents asked of a new family: by its candidates' wishes, as its answers stand; and where its files are."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from chalicelib.domain.admission.applications import OVER, Application, ApplicationRef, Candidate
from chalicelib.domain.enrolment.enrolments import FOYER
from chalicelib.domain.enrolment.paperwork import DocumentRule, DueDocument, RequiredDocument
from chalicelib.domain.family.households import Pupil

FOLDER: Final = "requests/"


def request_folder(ref: ApplicationRef) -> str:
    """Begin the keys of all that a new family uploads for a season's request."""
    return f"{FOLDER}{ref.season}/{ref.mailbox}/"


def required_documents(
    rules: Iterable[DocumentRule], application: Application, today: date
) -> tuple[RequiredDocument, ...]:
    """List the documents asked for: of the household, or of each candidate; none where nobody asks for a place."""
    candidates = tuple(one for one in application.answers.candidates if application.state(one.key) not in OVER)
    return tuple(document for rule in rules for document in _required_by(rule, candidates, today))


def due_documents(rules: Iterable[DocumentRule], application: Application, today: date) -> tuple[DueDocument, ...]:
    """List the documents asked for that are not uploaded."""
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
    """Whether one wish fulfils all that is asked of wishes, and the candidate what is asked of its age."""
    if rule.adults is not None and Pupil(candidate.name, candidate.born_on).is_adult(today) != rule.adults:
        return False
    return any(
        (not rule.sites or wish.site in rule.sites) and (not rule.disciplines or rule.is_about(wish.discipline))
        for wish in candidate.wishes
    )
