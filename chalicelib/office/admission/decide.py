"""The office's decision on a candidate as a page showed it: waiting list, to complete, declined or accepted."""

import secrets
from collections.abc import Callable
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.admission.applications import (
    AdmissionDecision,
    Application,
    Candidate,
    CandidateRef,
    Standing,
    Verdict,
)
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.mail.outbox import Outbox
from chalicelib.office import audit_notes
from chalicelib.office.account import audit, tidy_field
from chalicelib.office.admission.applications import audited_as
from chalicelib.office.admission.mails import decision_mail
from chalicelib.office.admission.places import SeasonPlaces, free_places, places_of
from chalicelib.office.admission.show import CandidateVersion
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.admission import admission_stores, person_of
from chalicelib.services.family import Services
from chalicelib.stores.claims import Claim
from chalicelib.values import frozen

LONGEST_TEXT: Final = fields.longest("decision_words")
_KINDS: Final[dict[Verdict, AuditAction]] = {
    "waiting": "request_waiting",
    "to_complete": "request_asked",
    "declined": "request_declined",
    "accepted": "request_accepted",
}


@frozen
class AdmissionDecisionInput:
    """A decision to make: its words, author and, if kept apart, its reason.

    `until`: the last day to complete the application. `again`: overrides a refusal.
    """

    verdict: Verdict
    who: str = field(repr=False)
    words: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    until: date | None = None
    again: bool = False


@frozen
class CandidateDecision:
    """The decision made on a candidate, and the one it replaces. Not new if the same was already stored."""

    candidate: Candidate
    decision: AdmissionDecision
    replaced: AdmissionDecision | None
    is_new: bool


def decide(
    services: Services,
    application: Application,
    version: CandidateVersion,
    decision_input: AdmissionDecisionInput,
    now: datetime,
) -> CandidateDecision:
    """Decide on a candidate as a page showed it, by one write. Raises `OfficeRefusal`.

    Idempotent. A declined candidate's place is freed after the write: repeating the decision completes it after a
    fault. Its claim stays, without effect (docs/decisions/0061).
    """
    decision_input = check(decision_input, now)
    decision = AdmissionDecision(
        decision_input.verdict, decision_input.who, now, decision_input.words, decision_input.until
    )
    entry = decide_candidate(application, version.find(application, decision), decision, again=decision_input.again)
    if entry.is_new:
        if decision_input.verdict == "waiting":
            _check_holds_nothing(application, entry.candidate, places_of(services, application.ref.season, now))
        _claim_again(services, application, entry, now)
        author = author_of(application, entry, decision_input)
        audit(services, audited_as(application.ref), _KINDS[decision_input.verdict], author, now)
        application = _write(services, application, entry)
    if decision_input.verdict == "declined":
        free_places(services, application, [entry.candidate])
    return entry


def check(decision_input: AdmissionDecisionInput, now: datetime) -> AdmissionDecisionInput:
    """Tidy a decision, and require its fields. Raises `OfficeRefusal`."""
    why, text = tidy_field("office_why", decision_input.why), tidy_field("decision_words", decision_input.words)
    if not text and decision_input.verdict in {"declined", "to_complete"}:
        raise OfficeRefusal("decide_words", longest=LONGEST_TEXT)
    if decision_input.until and decision_input.until < now.astimezone(PARIS).date():
        raise OfficeRefusal("request_until_past")
    return replace(decision_input, words=text, why=why)


def decide_candidate(
    application: Application, candidate: Candidate, decision: AdmissionDecision, *, again: bool
) -> CandidateDecision:
    """Decide on one candidate. Raises `OfficeRefusal` if it was already withdrawn, accepted or declined."""
    standing = application.standing(candidate.key)
    before = standing.decision
    if standing.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=candidate.name, at=standing.withdrawn_at)
    if before and before.says_the_same(decision):
        return CandidateDecision(candidate, before, None, is_new=False)
    if before and before.verdict == decision.verdict == "accepted":
        return CandidateDecision(candidate, before, None, is_new=False)
    if before and (before.verdict == "accepted" or (before.verdict == "declined" and not again)):
        code = "request_accepted_before" if before.verdict == "accepted" else "request_declined_before"
        raise OfficeRefusal(code, name=candidate.name, decision=before)
    return CandidateDecision(candidate, decision, before, is_new=True)


def _check_holds_nothing(application: Application, candidate: Candidate, places: SeasonPlaces) -> None:
    """Check that a candidate for the waiting list has neither a place nor an offer. Raises `OfficeRefusal`."""
    hold = places.hold_of(CandidateRef(application.number, candidate.key), candidate)
    if hold:
        raise OfficeRefusal("request_holds_place", name=candidate.name, pool=hold.pool)


def _claim_again(services: Services, application: Application, entry: CandidateDecision, now: datetime) -> None:
    """Claim a declined candidate again for its application. Raises `OfficeRefusal` if another has it."""
    if entry.replaced is None or entry.replaced.verdict != "declined":
        return
    season = application.ref.season
    person, claims = person_of(services, season, entry.candidate), admission_stores(services).claims
    claim = Claim(person, application.ref, entry.candidate.key, now.replace(microsecond=0))
    standing = claims.add(claim)
    if standing.application == application.ref:
        return
    other = admission_stores(services).applications.find(standing.application)
    asks = any(person_of(services, season, one) == person for one in other.live)
    if asks or not claims.replace(standing, claim):
        raise OfficeRefusal("request_claimed", name=entry.candidate.name)


def author_of(application: Application, entry: CandidateDecision, decision_input: AdmissionDecisionInput) -> Author:
    """Write for the audit trail the author, the candidate, the decision replaced and the reason."""
    subject = f"{entry.candidate.name} (demande {application.number}){audit_notes.replaced(entry.replaced)}"
    return Author(decision_input.who, " ; ".join(filter(None, (subject, decision_input.why or decision_input.words))))


def _write(services: Services, application: Application, entry: CandidateDecision) -> Application:
    """Write the decision. Its mail is posted before, and is sent only if this decision is written."""

    def record(current: Application) -> Application:
        return record_decision(application, current, entry)

    mails, request = Outbox(services.post_box), f"request-{secrets.token_hex(8)}"

    def post(_before: Application, after: Application) -> None:
        mails.post(decision_mail(services, after, entry.candidate.key, request))

    return admission_stores(services).applications.revise(application, record, post)[1]


def record_decision(
    known: Application,
    application: Application,
    entry: CandidateDecision,
    more: Callable[[Application, Standing], Standing] = lambda _found, standing: standing,
) -> Application:
    """Record a decision on the current application, if all of the candidate is unchanged since it was read.

    Raises `OfficeRefusal` if it was concurrently sent again, withdrawn or decided.
    """
    _check_same(known, application, entry.candidate)
    standing = replace(application.standing(entry.candidate.key), decision=entry.decision)
    return application.with_standing(more(application, standing))


def _check_same(known: Application, application: Application, candidate: Candidate) -> None:
    name, before, after = candidate.name, known.standing(candidate.key), application.standing(candidate.key)
    if application.sent is None or application.sent.answers.candidate(candidate.key) is None:
        raise OfficeRefusal("request_vanished", number=known.number)
    if after.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=name, at=after.withdrawn_at)
    if known.sent is None or application.sent.at != known.sent.at:
        raise OfficeRefusal("request_resent", at=application.sent.at, number=application.number)
    if after.decision and after.decision != before.decision:
        raise OfficeRefusal("decide_meanwhile", name=name, decision=after.decision)
