"""The office takes back its decision on a candidate within thirty seconds, by one conditional write, without a mail."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import NotThere
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.office.account import audit
from chalicelib.office.dossiers.decisions import SubjectDecision
from chalicelib.office.dossiers.undo import Undo, UndoSeal
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.wings.admission.domain.applications import AdmissionDecision, Application, Candidate
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.decide import CandidateDecision, CandidateVersion, claim_again

AdmissionUndo = Undo[AdmissionDecision]
# The subject: the application's number, the candidate's key and the version sent.
UNDOS: Final = UndoSeal("an application", Codec(AdmissionDecision))


def seal_undo(services: Services, pairs: Iterable[tuple[Application, CandidateDecision]]) -> str:
    """Seal new and equal decisions for the form that takes them back. Acceptances, and those that freed a place, stay.

    Empty for none.
    """
    return UNDOS.seal(services, [(_subject(one, entry), entry) for one, entry in pairs if can_undo(entry)])


def can_undo(entry: CandidateDecision) -> bool:
    """Whether a decision may be taken back: a new one that made no account and freed no place."""
    return entry.is_new and not entry.is_final


def _subject(application: Application, entry: CandidateDecision) -> tuple[str, ...]:
    key = entry.subject.key
    return application.number, key, CandidateVersion.of(application, key).version


def undo_decision(
    services: Services, application: Application, undo: AdmissionUndo, author: str, now: datetime
) -> None:
    """Undo a decision by one write, if it still stands. Raises `OfficeRefusal`, `NotThere`.

    Idempotent. A declined candidate is claimed again first, as another application may have them by now.
    """
    number, key, _ = undo.subject
    if number != application.number:
        raise NotThere

    def restore(current: Application) -> Application:
        if not _find(current, undo, now)[1]:
            return current
        return current.with_standing(replace(current.standing(key), decision=undo.former))

    candidate, is_due = _find(application, undo, now)
    decision = application.standing(key).decision
    if is_due and decision:
        claim_again(services, application, SubjectDecision(candidate, decision, decision, is_new=True), now)
        note = f"{candidate.name} (demande {number})"
        audit(services, audited_as(application.ref), "request_undone", Author(author, note), now)
        services.admission.applications.revise(application, restore)


def _find(application: Application, undo: AdmissionUndo, now: datetime) -> tuple[Candidate, bool]:
    """Find the candidate, and whether the decision is to be taken back. Raises `OfficeRefusal`."""
    _, key, version = undo.subject
    candidate = application.sent.answers.candidate(key) if application.sent else None
    if candidate is None:
        raise OfficeRefusal("request_vanished", number=application.number)
    standing = application.standing(key)
    if standing.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=candidate.name, at=standing.withdrawn_at)
    if CandidateVersion.of(application, key).version != version:
        raise OfficeRefusal("undo_resent", name=candidate.name)
    return candidate, undo.is_due(candidate.name, standing.decision, now)
