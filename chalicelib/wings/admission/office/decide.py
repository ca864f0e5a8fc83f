"""The office's decision on a candidate as a page showed them: waiting list, to complete, declined or accepted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.mail.outbox import DELAY, MAILED_AFTER
from chalicelib.office.account import audit
from chalicelib.office.dossiers.decisions import (
    DecisionInput,
    ShownVersion,
    SubjectDecision,
    author_of,
    check_input,
    digest,
    fingerprint,
    post_mails,
)
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Application,
    Candidate,
    CandidateRef,
    Standing,
    Verdict,
)
from chalicelib.wings.admission.mail import AdmissionDecided
from chalicelib.wings.admission.office import audit_notes
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.mails import decision_mail
from chalicelib.wings.admission.office.places import SeasonPlaces, free_places, places_again
from chalicelib.wings.admission.stores.claims import Claim

_KINDS: Final[dict[Verdict, AuditAction]] = {
    "waiting": "request_waiting",
    "to_complete": "request_asked",
    "declined": "request_declined",
    "accepted": "request_accepted",
}


@frozen
class AdmissionDecisionInput(DecisionInput):
    """A decision to make on a candidate. `until`: the last day to complete the application."""

    verdict: Verdict
    until: date | None = None


CandidateDecision = SubjectDecision[Candidate, AdmissionDecision]


@frozen
class CandidateVersion(ShownVersion):
    """One candidate, by key, as a page showed them."""

    version: str = ""
    decision: str = ""

    @classmethod
    def of(cls, application: Application, key: str) -> "CandidateVersion":
        """Describe the current candidate."""
        at = application.sent.at.isoformat() if application.sent else ""
        return cls(key, digest(at), fingerprint(application.standing(key).decision))

    def find(self, application: Application, decision: AdmissionDecision) -> Candidate:
        """Find the candidate, if unchanged since they were shown or already so decided. Raises `OfficeRefusal`."""
        sending = application.sent
        candidate = sending.answers.candidate(self.key) if sending else None
        if sending is None or candidate is None:
            raise OfficeRefusal("request_vanished", number=application.number)
        now, former = CandidateVersion.of(application, self.key), application.standing(self.key).decision
        if now.version != self.version:
            raise OfficeRefusal("request_resent", at=sending.at, number=application.number)
        if former and now.decision != self.decision and not former.says_the_same(decision):
            raise OfficeRefusal("decide_meanwhile", name=candidate.name, decision=former)
        return candidate


def decide(  # noqa: PLR0913 - the decision, and the places
    services: Services,
    application: Application,
    version: CandidateVersion,
    decision_input: AdmissionDecisionInput,
    now: datetime,
    *,
    places: SeasonPlaces | None = None,
) -> CandidateDecision:
    """Decide on a candidate as a page showed them, by one write. Raises `OfficeRefusal`.

    Idempotent. A declined candidate's place is freed after the write: repeating the decision completes it after a
    fault. Its claim stays, without effect (docs/decisions/0061). `places`: as for `accept`.
    """
    decision_input = check(decision_input, now)
    entry = preview_decision(application, version, decision_input, now)
    if entry.is_new:
        if decision_input.verdict == "waiting":
            their_places = places_again(services, application, entry.subject, now, places)
            check_holds_nothing(application, entry.subject, their_places)
        claim_again(services, application, entry, now)
        author = note_author(application, entry, decision_input)
        audit(services, audited_as(application.ref), _KINDS[decision_input.verdict], author, now)
        application = write_decision(services, application, entry)
    if decision_input.verdict != "declined":
        return entry
    pools = places_again(services, application, entry.subject, now, places).pools
    candidates = [CandidateRef(application.number, entry.subject.key)]
    return replace(entry, is_final=free_places(services, pools, candidates))


def check(decision_input: AdmissionDecisionInput, now: datetime) -> AdmissionDecisionInput:
    """Tidy a decision, and require its fields. Raises `OfficeRefusal`."""
    decision_input = check_input(decision_input)
    if decision_input.until and decision_input.until < now.astimezone(PARIS).date():
        raise OfficeRefusal("request_until_past")
    return decision_input


def preview_decision(
    application: Application, version: CandidateVersion, decision_input: AdmissionDecisionInput, now: datetime
) -> CandidateDecision:
    """Preview a decision on a candidate as a page showed them, without writing. Their place is not checked.

    Raises `OfficeRefusal` if it was already withdrawn, accepted or declined.
    """
    verdict, until = decision_input.verdict, decision_input.until
    decision = AdmissionDecision(verdict, decision_input.who, now, decision_input.words, until)
    candidate = version.find(application, decision)
    standing = application.standing(candidate.key)
    before = standing.decision
    if standing.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=candidate.name, at=standing.withdrawn_at)
    if before and before.says_the_same(decision):
        return SubjectDecision(candidate, before, None, is_new=False)
    if before and before.verdict == decision.verdict == "accepted":
        return SubjectDecision(candidate, before, None, is_new=False)
    if before and (before.verdict == "accepted" or (before.verdict == "declined" and not decision_input.again)):
        code = "request_accepted_before" if before.verdict == "accepted" else "request_declined_before"
        raise OfficeRefusal(code, name=candidate.name, decision=before)
    return SubjectDecision(candidate, decision, before, is_new=True)


def check_holds_nothing(application: Application, candidate: Candidate, places: SeasonPlaces) -> None:
    """Check that a candidate for the waiting list has neither a place nor an offer. Raises `OfficeRefusal`."""
    hold = places.hold_of(CandidateRef(application.number, candidate.key), candidate)
    if hold:
        raise OfficeRefusal("request_holds_place", name=candidate.name, pool=hold.pool)


def claim_again(services: Services, application: Application, entry: CandidateDecision, now: datetime) -> None:
    """Claim a declined candidate again for their application. Raises `OfficeRefusal` if another has it."""
    if entry.former is None or entry.former.verdict != "declined":
        return
    season = application.ref.season
    person, claims = services.admission.person_of(season, entry.subject), services.admission.claims
    claim = Claim(person, application.ref, entry.subject.key, now.replace(microsecond=0))
    standing = claims.add(claim)
    if standing.application == application.ref:
        return
    claimant = services.admission.applications.find(standing.application)
    asks = any(services.admission.person_of(season, one) == person for one in claimant.live)
    if asks or not claims.replace(standing, claim):
        raise OfficeRefusal("request_claimed", name=entry.subject.name)


def note_author(application: Application, entry: CandidateDecision, decision_input: AdmissionDecisionInput) -> Author:
    """Write for the audit trail the author, the candidate, the decision replaced and the reason."""
    subject = f"{entry.subject.name} (demande {application.number}){audit_notes.former_text(entry.former)}"
    return author_of(decision_input, (subject,))


def write_decision(
    services: Services,
    application: Application,
    entry: CandidateDecision,
    more: Callable[[Application, Standing], Standing] = lambda _found, standing: standing,
) -> Application:
    """Write the decision, with more of the candidate's standing. Its mail is posted before."""

    def record(current: Application) -> Application:
        return _record(application, current, entry, more)

    def mails_of(after: Application, request: str) -> list[AdmissionDecided]:
        return [decision_mail(services, after, entry.subject.key, request)]

    delay = DELAY if entry.decision.verdict == "accepted" else MAILED_AFTER
    prepare = post_mails(services, "request", mails_of, delay)
    return services.admission.applications.revise(application, record, prepare)[1]


def _record(
    old: Application,
    application: Application,
    entry: CandidateDecision,
    more: Callable[[Application, Standing], Standing],
) -> Application:
    """Record a decision on the current application, if all of the candidate is unchanged since it was read.

    Raises `OfficeRefusal` if it was concurrently sent again, withdrawn or decided.
    """
    _check_same(old, application, entry.subject)
    standing = replace(application.standing(entry.subject.key), decision=entry.decision)
    return application.with_standing(more(application, standing))


def _check_same(old: Application, application: Application, candidate: Candidate) -> None:
    name, before, after = candidate.name, old.standing(candidate.key), application.standing(candidate.key)
    if application.sent is None or application.sent.answers.candidate(candidate.key) is None:
        raise OfficeRefusal("request_vanished", number=old.number)
    if after.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=name, at=after.withdrawn_at)
    if old.sent is None or application.sent.at != old.sent.at:
        raise OfficeRefusal("request_resent", at=application.sent.at, number=application.number)
    if after.decision and after.decision != before.decision:
        raise OfficeRefusal("decide_meanwhile", name=name, decision=after.decision)
