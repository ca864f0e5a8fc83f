"""The office decides of candidates, on what it saw: waiting list, something to complete, declined; or accepted."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final

from chalicelib.admission_services import admission_stores, person_of
from chalicelib.domain import fields
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.admission.applications import (
    Application,
    Candidate,
    CandidateRef,
    Decision,
    Standing,
    Verdict,
)
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.mail.posted_first import PostedFirst
from chalicelib.office.account import audit, tidy_field
from chalicelib.office.admission import words
from chalicelib.office.admission.find import audited_as, candidates_meant, find_request, version_of
from chalicelib.office.admission.mails import decision_mail
from chalicelib.office.admission.places import Places, free_places, places_of
from chalicelib.office.admission.shown import CandidateAsShown
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services import Services
from chalicelib.stores.candidate_claims import Claim
from chalicelib.texts import day_and_hour
from chalicelib.values import frozen

WORDS_AT_MOST: Final = fields.longest("decision_words")
KINDS: Final[dict[Verdict, AuditAction]] = {
    "waiting": "request_waiting",
    "to_complete": "request_asked",
    "declined": "request_declined",
    "accepted": "request_accepted",
}


@frozen
class RequestDecision:
    """What is decided, in which words, by whom, and why where that is told apart.

    `until`: the last day to complete it, of what is asked; `again`: over a refusal.
    """

    verdict: Verdict
    who: str = field(repr=False)
    words: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    until: date | None = None
    again: bool = False


@frozen
class CandidateSelection:
    """Which request, by its number, and which of its candidates: by their names, or all that are open.

    `seen`: the version of it that was read (`version_of`); whatever it is where nothing is said. `shown`: the one
    candidate of a page, as it was shown there, in the place of all that.
    """

    number: str
    names: tuple[str, ...] = field(default=(), repr=False)
    everybody: bool = False
    seen: str = ""
    shown: CandidateAsShown | None = None

    def candidates(self, application: Application, decision: Decision, *, over: bool = False) -> tuple[Candidate, ...]:
        """Find the candidates meant. Raises `OfficeRefusal`, so if one is not any more as it was shown."""
        if self.shown:
            return (self.shown.find(application, decision),)
        return candidates_meant(application, self.names, everybody=self.everybody, over=over)


@frozen
class CandidateDecision:
    """A candidate of which was decided, and the decision that this one replaces; not new where it stood already."""

    candidate: Candidate
    decision: Decision
    replaced: Decision | None
    is_new: bool


@frozen
class DecidedRequest:
    """What was decided of a request, as it then stands."""

    application: Application
    candidates: tuple[CandidateDecision, ...]


def decide(
    services: Services, selection: CandidateSelection, request: RequestDecision, now: datetime
) -> DecidedRequest:
    """Decide of candidates, all by one write, if what was sent is still what was read. Raises `OfficeRefusal`.

    The same decision again, by the same person, finds the first and is content. The place of who is declined is freed
    after it: again frees what a fault left. Its claim stays, and binds nobody (docs/decisions/0061).
    """
    request = check(request, now)
    application = find_seen(services, selection)
    decision = Decision(request.verdict, request.who, now, request.words, request.until)
    candidates = selection.candidates(application, decision, over=request.again)
    decisions = tuple(decide_candidate(application, one, decision, again=request.again) for one in candidates)
    fresh = [entry for entry in decisions if entry.is_new]
    if request.verdict == "waiting":
        _check_holds_nothing(application, fresh, places_of(services, application.ref.season, now))
    if fresh:
        for entry in fresh:
            _claim_again(services, application, entry, now)
        _note(services, application, fresh, request, now)
        application = _write(services, application, fresh)
    if request.verdict == "declined":
        free_places(services, application, [entry.candidate for entry in decisions])
    return DecidedRequest(application, decisions)


def find_seen(services: Services, selection: CandidateSelection) -> Application:
    """Find the request meant, if it is still as it was read. Raises `OfficeRefusal`."""
    application = find_request(services, selection.number)
    sent = application.sent
    if sent and selection.seen.strip().casefold() not in {"", version_of(application)}:
        raise OfficeRefusal("request_resent", at=day_and_hour(sent.at), number=application.number)
    return application


def check(request: RequestDecision, now: datetime) -> RequestDecision:
    """Ask for what a decision needs, tidied. Raises `OfficeRefusal`."""
    who, why = tidy_field("office_who", request.who), tidy_field("office_why", request.why)
    text = tidy_field("decision_words", request.words)
    if not who:
        raise OfficeRefusal("who_missing")
    if not text and request.verdict in {"declined", "to_complete"}:
        raise OfficeRefusal("decide_words", longest=WORDS_AT_MOST)
    if request.until and request.until < now.astimezone(PARIS).date():
        raise OfficeRefusal("request_until_past")
    return replace(request, who=who, words=text, why=why)


def decide_candidate(
    application: Application, candidate: Candidate, decision: Decision, *, again: bool
) -> CandidateDecision:
    """Decide of one, as it stands. Raises `OfficeRefusal`: it was withdrawn, accepted, or declined before."""
    standing = application.standing(candidate.key)
    before = standing.decision
    if standing.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=candidate.name, at=day_and_hour(standing.withdrawn_at))
    if before and before.says_the_same(decision):
        return CandidateDecision(candidate, before, None, is_new=False)
    if before and before.verdict == decision.verdict == "accepted":
        return CandidateDecision(candidate, before, None, is_new=False)
    if before and (before.verdict == "accepted" or (before.verdict == "declined" and not again)):
        code = "request_accepted_before" if before.verdict == "accepted" else "request_declined_before"
        raise OfficeRefusal(code, name=candidate.name, decision=words.decision(before))
    return CandidateDecision(candidate, decision, before, is_new=True)


def _check_holds_nothing(application: Application, fresh: Iterable[CandidateDecision], places: Places) -> None:
    """Refuse to tell somebody that it waits while a place is its own or proposed to it."""
    for entry in fresh:
        hold = places.hold_of(CandidateRef(application.number, entry.candidate.key), entry.candidate)
        if hold:
            raise OfficeRefusal("request_holds_place", name=entry.candidate.name, pool=hold.pool)


def _claim_again(services: Services, application: Application, entry: CandidateDecision, now: datetime) -> None:
    """Let a request ask again for a candidate that was declined, unless another one does. Raises `OfficeRefusal`."""
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


def _note(
    services: Services,
    application: Application,
    fresh: Iterable[CandidateDecision],
    request: RequestDecision,
    now: datetime,
) -> None:
    author = Author(request.who, why(application, fresh, request))
    audit(services, audited_as(application.ref), KINDS[request.verdict], author, now)


def why(application: Application, fresh: Iterable[CandidateDecision], request: RequestDecision) -> str:
    """Explain for the audit trail of which candidates it was, what it replaces, and why."""
    subjects = [
        f"{entry.candidate.name} (demande {application.number})"
        + (f", au lieu de : {words.decision(entry.replaced)}" if entry.replaced else "")
        for entry in fresh
    ]
    return " ; ".join((*subjects, *filter(None, (request.why or request.words,))))


def _write(services: Services, application: Application, fresh: list[CandidateDecision]) -> Application:
    """Write the decisions; the mails are posted before, and leave for what is then written."""

    def record(found: Application) -> Application:
        return record_decisions(application, found, fresh)

    mails, request = PostedFirst(services.post_box), f"request-{secrets.token_hex(8)}"

    def post(_before: Application, after: Application) -> None:
        mails.post(*(decision_mail(services, after, entry.candidate.key, request) for entry in fresh))

    return admission_stores(services).applications.revise(application, record, post)[1]


def record_decisions(
    known: Application,
    found: Application,
    fresh: Iterable[CandidateDecision],
    more: Callable[[Application, Standing], Standing] = lambda _found, standing: standing,
) -> Application:
    """Record decisions on a request as it is found, if of each candidate all is as it was read.

    Raises `OfficeRefusal`: sent anew, withdrawn, or decided by somebody else meanwhile.
    """
    for entry in fresh:
        _check_same(known, found, entry.candidate)
        standing = replace(found.standing(entry.candidate.key), decision=entry.decision)
        found = found.with_standing(more(found, standing))
    return found


def _check_same(known: Application, found: Application, candidate: Candidate) -> None:
    name, before, after = candidate.name, known.standing(candidate.key), found.standing(candidate.key)
    if found.sent is None or found.sent.answers.candidate(candidate.key) is None:
        raise OfficeRefusal("request_vanished", number=known.number)
    if after.withdrawn_at:
        raise OfficeRefusal("request_withdrawn", name=name, at=day_and_hour(after.withdrawn_at))
    if known.sent is None or found.sent.at != known.sent.at:
        raise OfficeRefusal("request_resent", at=day_and_hour(found.sent.at), number=found.number)
    if after.decision and after.decision != before.decision:
        raise OfficeRefusal("decide_meanwhile", name=name, decision=words.decision(after.decision))
