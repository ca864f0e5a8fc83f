"""The mails of the office's decisions on an application: welcome, to complete, declined, waiting list."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.family.households import pupil_key
from chalicelib.office.dossiers.decisions import mailed_name
from chalicelib.services.mails import ConfirmedMail
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Application,
    ApplicationRef,
    Candidate,
    CandidateRef,
    Standing,
    Verdict,
    is_open_at,
)
from chalicelib.wings.admission.domain.progress import WishProgress
from chalicelib.wings.admission.mail import AdmissionDecided, tracked_as
from chalicelib.wings.admission.office.accounts import pupil_of
from chalicelib.wings.admission.office.places import places_concerning
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.services.applicants import application_mail

LETTERS: Final[Mapping[Verdict, str]] = {
    "accepted": "admission_welcome",
    "to_complete": "admission_to_complete",
    "declined": "admission_declined",
    "waiting": "admission_waiting",
}
_NAMED: Final = "decision of a request"


def decision_mail(services: Services, after: Application, key: str, request: str) -> AdmissionDecided:
    """Make the mail of a decision before it is written. `after`: the application as decided. `key`: the candidate's."""
    decision = after.standing(key).decision
    if decision is None:
        raise ValueError("nothing is decided of this candidate")
    return AdmissionDecided(
        request=request,
        asked_at=decision.at,
        mailbox=after.ref.mailbox,
        season=after.ref.season,
        candidate=key,
        decision=mailed_name(services, _NAMED, decision),
    )


def _prove(services: Services, job: AdmissionDecided, now: datetime) -> ConfirmedMail | None:
    """Check that the decision is still current, and build its letter. None if it is not."""
    ref, stores = ApplicationRef(job.mailbox, job.season), services.admission
    application, periods = stores.applications.find(ref), stores.periods.current(now, job.asked_at)
    candidate = application.sent.answers.candidate(job.candidate) if application.sent else None
    standing = application.standing(job.candidate)
    decision = standing.decision
    if candidate is None or decision is None or standing.withdrawn_at or not decision.is_known:
        return None
    if mailed_name(services, _NAMED, decision) != job.decision:
        return None
    account = _account(services, standing, candidate) if standing.account else None
    if decision.verdict == "accepted" and account is None:
        return None
    bands = _bands(services, application, candidate, now) if decision.verdict == "waiting" else ()
    facts = _facts(services, application, candidate) | {"until": _until(services, job.season, decision, periods, now)}
    facts |= {"decision": decision, "account": account, "bands": bands}
    return ConfirmedMail(tracked_as(application.ref), application.email, LETTERS[decision.verdict], facts)


MAIL: Final = application_mail(AdmissionDecided, _prove)


def _bands(
    services: Services, application: Application, candidate: Candidate, now: datetime
) -> tuple[tuple[int, int | None] | None, ...]:
    """Find the range of positions in which each wish waits. None if unknown."""
    places, ref = places_concerning(services, application, now), CandidateRef(application.number, candidate.key)
    standings = places.standings(ref, candidate)
    return tuple(WishProgress(one.wish, "waiting", one.position).band for one in standings)


def _account(services: Services, standing: Standing, candidate: Candidate) -> Account | None:
    """Find the candidate's account, once the candidate is on it."""
    account = services.accounts.find(AccountRef(*standing.account)) if standing.account else None
    key = pupil_key(pupil_of(candidate, standing.slot))
    is_on_it = account is not None and any(known.startswith(key) for known in account.household.pupils_by_key)
    return account if is_on_it else None


def _facts(services: Services, application: Application, candidate: Candidate) -> dict[str, object]:
    """List the facts of every letter. `sites`: of all the candidate's wishes, or of the accepted one."""
    network, slot = services.settings.network, application.standing(candidate.key).slot
    codes = [slot[0]] if slot else [wish.site for wish in candidate.wishes]
    sites = tuple(filter(None, map(network.site, dict.fromkeys(codes)))) or network.sites
    return {
        "sites": sites,
        "site": sites[0],
        "application": application,
        "candidate": candidate,
        "slot": slot,
        "season": application.ref.season,
    }


def _until(
    services: Services, season: str, decision: AdmissionDecision, periods: Periods, now: datetime
) -> date | None:
    """Find the last day to change the answers: the decision's, but no later than applications close.

    None once they are closed: missing items are then handed in, or given by telephone.
    """
    codes = [site.code for site in services.settings.network.sites]
    open_codes = [code for code in codes if is_open_at(periods, code, season, now)]
    closings = [period.closes_on for code in open_codes if (period := periods.of(code))]
    limits = [decision.until] if decision.until else []
    return min([max(closings), *limits]) if closings else None
