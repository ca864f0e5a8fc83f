"""Send an application: claim its candidates, post its mail, then write it once. Idempotent."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final

from chalicelib.domain.account.rate_limits import SENDINGS_OF_FAMILY, RateLimit
from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.enrolment.submissions import SubmissionsSlowedDown, new_number
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, SlowedDown, Unavailable, WriteConflict
from chalicelib.flows.family.visit import FieldErrors
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Client, Visit
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen, version_of
from chalicelib.wings.admission.domain.applications import Application, ApplicationRef, Candidate, submit
from chalicelib.wings.admission.domain.paperwork import (
    asked_for,
    missing_of_candidate,
    missing_of_guardian,
    waits,
    without_moments,
)
from chalicelib.wings.admission.flows.draft import ApplicationClosed, wish_errors
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.mail import AdmissionSubmitted
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.stores.claims import Claim

# A claim is followed by its application's write in the same request, which lasts less than this. An older claim, whose
# application does not ask for the candidate, is left from a fault or out of use.
SENDING_LASTS: Final = timedelta(minutes=2)
# A refused claim reveals a child's application to any user who knows its name and birth date. The limits keep one from
# trying a whole class, from however many mailboxes. Each child of a refused sending counts, as it also reveals which
# are free.
CLAIMS_REFUSED: Final = RateLimit(free=12, ceiling=12, window=timedelta(hours=24))
REFUSED_OF_CLIENT: Final = RateLimit(free=60, ceiling=60, window=timedelta(hours=24))


class ApplicationMoved(FormRefusal):
    """Other answers were saved since the summary was shown, and nothing was sent. `application`: its current state."""

    code = "application_moved"

    def __init__(self, application: Application) -> None:
        super().__init__(self.code)
        self.application = application


class CandidatesClaimed(FormRefusal):
    """Some candidates, by key, already have an application. The family that made it is never disclosed."""

    code = "candidates_claimed"

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(self.code)
        self.keys = keys


class ClaimsSlowedDown(SlowedDown):
    """Too many candidates already had an application. The next sending is accepted from `until`."""

    code = "claims_slowed_down"


def claim_new(visit: Visit[Services], before: Application, after: Application) -> None:
    """Claim the candidates that a sending adds, one write each. Raises `CandidatesClaimed`, `ClaimsSlowedDown`."""
    season = after.ref.season
    pairs = {(one.key, one.person) for one in before.live}
    new = [one for one in after.live if (one.key, one.person) not in pairs]
    at = visit.now.replace(microsecond=0)  # whole seconds, as stored
    claims = [Claim(visit.services.admission.person_of(season, one), after.ref, one.key, at) for one in new]
    keys = tuple(claim.key for claim in claims if not _claim(visit.services, claim))
    if keys:
        for _ in claims:
            _count_refusal(visit, after.ref.mailbox, CLAIMS_REFUSED)
            _count_refusal(visit, visit.client.address, REFUSED_OF_CLIENT)
        raise CandidatesClaimed(keys)


def released_keys(before: Application, after: Application) -> Iterable[str]:
    """List the candidates of the earlier sending whose person the application no longer asks for."""
    pairs = {(one.key, one.person) for one in after.live}
    return [one.key for one in before.live if (one.key, one.person) not in pairs]


def _claim(services: Services, claim: Claim) -> bool:
    claims = services.admission.claims
    standing = claims.add(claim)
    if standing == claim:
        return True
    is_own = standing.application == claim.application
    return (is_own or _is_left(services, standing, claim.at)) and claims.replace(standing, claim)


def _is_left(services: Services, standing: Claim, now: datetime) -> bool:
    """Whether a claim is abandoned: its application does not ask for the candidate, nor is it being sent."""
    if now - standing.at < SENDING_LASTS:
        return False
    application = services.admission.applications.find(standing.application)
    season, live = application.ref.season, application.live
    return not any(services.admission.person_of(season, one) == standing.person for one in live)


def _count_refusal(visit: Visit[Services], whose: str, limit: RateLimit) -> None:
    tries = AttemptTimes({"site": "@claims-refused", "identifier": whose})
    try:
        visit.services.admission.attempts.reserve(tries, limit, visit.now)
    except SlowedDown as refusal:
        raise ClaimsSlowedDown(refusal.until) from None


_LETTER: Final = "P"
_SENDINGS: Final = "@sending"  # a sign that no mailbox's pseudonym contains


@frozen
class SummaryForm:
    """The fields of the summary's form: the version shown. `documents`: those that the current answers require."""

    version: str
    documents: tuple[Slot, ...] = ()


@frozen
class SubmittedApplication:
    """The application as sent. `is_new`: whether this very request sent it."""

    application: Application
    is_new: bool


def summary_version(application: Application) -> str:
    """Compute the version of the content to send, without the application's state, which sending changes."""
    documents = tuple((document.code, document.owner, document.object_key) for document in application.provided)
    return version_of((without_moments(application.answers), documents))


def send(visit: Visit[Services], context: ApplicantContext, form: SummaryForm) -> SubmittedApplication:
    """Send an application as its summary shows it, under its first number. Idempotent.

    Raises `FieldsRefused` for missing answers, `ApplicationClosed`, `ApplicationMoved`, `ApplicationFull`,
    `SubmissionsSlowedDown`, and `CandidatesClaimed` or `ClaimsSlowedDown` if another application asks for the same
    child.
    """
    services = visit.services
    applications, now = services.admission.applications, context.now
    number, mails = new_number(context.season, _LETTER), Outbox(services.post_box)
    count = cache(partial(_count, services, context.application.ref, now))  # once, however often it is overtaken

    def decide(current: Application) -> Application:
        is_shown = summary_version(current) == form.version
        if is_shown and current.sent and not waits(current):
            return current
        if not context.is_open:
            raise ApplicationClosed
        if not is_shown:
            raise ApplicationMoved(current)
        _check(replace(context, application=current), form)
        return applications.check_room(current, submit(current, number, now))

    def prepare(before: Application, after: Application) -> None:
        if before.sent:  # counted first: a slowed user learns nothing about other children either
            count()
        claim_new(visit, before, after)
        if before.sent is None:
            _add_number(services, after)
        mails.post(_receipt_mail(after, visit.client, now))

    before, after = applications.revise(context.application, decide, prepare)
    if after is before:
        return SubmittedApplication(after, is_new=False)
    visit.record("admission_sent", application=after.ref.mailbox, candidates=len(after.live))
    _release(visit, before, after)
    return SubmittedApplication(after, is_new=True)


def _release(visit: Visit[Services], before: Application, after: Application) -> None:
    """Release the claims of corrected names. One left by a fault passes to the next applicant who claims it."""
    try:
        if before.sent:  # Another window may have claimed the former name again since then: that claim is newer.
            visit.services.admission.release_claims(before, released_keys(before, after), before.sent.at)
    except Unavailable as error:  # the application is sent, and its page must say so
        visit.record("unavailable", what=str(error), lacking="releasing")


def _check(context: ApplicantContext, form: SummaryForm) -> None:
    """Refuse incomplete steps. Raises `FieldsRefused`."""
    application = context.application
    candidates = asked_for(application)
    codes: dict[str, str] = {
        "responsable": "guardian_incomplete" if missing_of_guardian(application.answers) else "",
        "eleves": "" if candidates else "candidate_missing",
        **{f"eleve-{one.key}": "" if _is_right(context, one) else "candidate_incomplete" for one in candidates},
        "pieces": "" if all(application.document(*slot) for slot in form.documents) else "documents_missing",
    }
    lacking: FieldErrors = {name: (code,) for name, code in codes.items() if code}
    if lacking:
        raise FieldsRefused(lacking)


def _is_right(context: ApplicantContext, candidate: Candidate) -> bool:
    """Whether a candidate's answers may be sent. Answers valid when saved may have become invalid."""
    return not wish_errors(context, candidate) and not missing_of_candidate(candidate)


def _add_number(services: Services, after: Application) -> None:
    try:
        services.admission.applications.add_number(after.number, after.ref)
    except WriteConflict as clash:
        raise Unavailable("a number of another application came out") from clash


def _count(services: Services, ref: ApplicationRef, now: datetime) -> None:
    """Count a repeated sending, as each sends a mail. Raises `SubmissionsSlowedDown`."""
    tries = AttemptTimes({"site": _SENDINGS, "identifier": ref.mailbox})
    try:
        services.admission.attempts.reserve(tries, SENDINGS_OF_FAMILY, now)
    except SlowedDown as refusal:
        raise SubmissionsSlowedDown(refusal.until) from None


def _receipt_mail(after: Application, client: Client, now: datetime) -> AdmissionSubmitted:
    return AdmissionSubmitted(
        request=client.request, asked_at=now, mailbox=after.ref.mailbox, season=after.ref.season, number=after.number
    )
