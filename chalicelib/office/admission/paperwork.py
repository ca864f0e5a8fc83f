"""The documents of a request that lack: asked for, and neither sent nor promised on paper."""

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.admission.applications import Application, Candidate
from chalicelib.domain.enrolment.enrolments import FOYER
from chalicelib.domain.enrolment.paperwork import DocumentRule
from chalicelib.domain.family.households import Pupil
from chalicelib.domain.text import fold


def lacking_documents(
    rules: Iterable[DocumentRule], application: Application, candidate: Candidate, today: date
) -> tuple[str, ...]:
    """Name the documents that lack of a candidate and of its household."""
    wanted = (rule for rule in rules if _is_asked(rule, candidate, today))
    owners = ((rule, FOYER if rule.of == "household" else candidate.key) for rule in wanted)
    return tuple(rule.title for rule, owner in owners if application.document(rule.code, owner) is None)


def _is_asked(rule: DocumentRule, candidate: Candidate, today: date) -> bool:
    if rule.sites and not any(wish.site in rule.sites for wish in candidate.wishes):
        return False
    if rule.of == "household":
        return True
    if rule.adults is not None and Pupil(candidate.name, candidate.born_on).is_adult(today) != rule.adults:
        return False
    wished = [fold(wish.discipline) for wish in candidate.wishes]
    return not rule.disciplines or any(fold(name) in wish for name in rule.disciplines for wish in wished)
