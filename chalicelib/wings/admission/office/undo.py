"""The office takes back its decision on a candidate within thirty seconds, by one conditional write, without a mail."""

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

# The subject: the application's number, the candidate's key and the version sent.
UNDOS: Final = UndoSeal("an application", Codec(AdmissionDecision))


def seal_undo(services: Services, application: Application, entry: CandidateDecision) -> str:
    """Seal a new decision for the form that takes it back. Empty for an acceptance, or if it freed a place."""
    key = entry.subject.key
    subject = application.number, key, CandidateVersion.of(application, key).version
    return UNDOS.seal(services, [(subject, entry)] if entry.is_new and not entry.is_final else [])


def undo_decision(services: Services, application: Application, text: str, author: str, now: datetime) -> None:
    """Undo a sealed decision by one write, if it still stands. Raises `OfficeRefusal`, `NotThere`.

    Idempotent. A declined candidate is claimed again first, as another application may have them by now.
    """
    undo = UNDOS.open(services, text)[0]
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


def _find(application: Application, undo: Undo[AdmissionDecision], now: datetime) -> tuple[Candidate, bool]:
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
