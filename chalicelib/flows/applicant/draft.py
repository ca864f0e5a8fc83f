"""A step of an application saved: one conditional write of the draft, never over what somebody saved meanwhile."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.admission.applications import Answers, Application, Candidate
from chalicelib.domain.admission.catalogue import Catalogue, WishError
from chalicelib.domain.admission.paperwork import missing_of_guardian, without_moments
from chalicelib.domain.admission.refusals import AnswersMoved, ApplicationClosed
from chalicelib.domain.refusals import FieldsRefused, LessComplete
from chalicelib.flows.applicant.entry import ApplicantContext
from chalicelib.flows.family.reenrolment import version_of
from chalicelib.flows.family.visit import FieldErrors
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen


@frozen
class StepForm:
    """What each step's form says besides its answers: the version shown, and whether one goes on later."""

    version: str
    later: bool = False


@frozen
class DraftUpdate:
    """A step to save: the part of the answers that it is about, and what they become; `apply` may refuse.

    `lacking`: what must be mended before it is whole, field by field; `is_complete`: whether what is saved is.
    """

    part: Callable[[Answers], object]
    apply: Callable[[Application], Answers]
    form: StepForm
    lacking: FieldErrors = field(default_factory=dict)
    is_complete: Callable[[Answers], bool] = lambda _answers: False


def catalogue_of(context: ApplicantContext) -> Catalogue:
    """Find what may be asked for now."""
    settings = context.network.admission
    sites = tuple(site.code for site in context.open_sites)
    return Catalogue(settings.disciplines, sites, settings.age_day(context.season))


def sent_candidate(application: Application, key: str) -> Candidate | None:
    """Find a candidate as it was sent last."""
    return application.sent.answers.candidate(key) if application.sent else None


def wish_errors(context: ApplicantContext, candidate: Candidate) -> tuple[WishError, ...]:
    """List what is wrong with a candidate's wishes, in the light of what it sent before."""
    before = sent_candidate(context.application, candidate.key)
    sent = (before.wishes, before.born_on) if before else ((), None)
    return catalogue_of(context).errors(candidate, *sent)


def part_version(part: object) -> str:
    """Compute the version of what a step shows."""
    return version_of(part)


def check_open(context: ApplicantContext) -> None:
    """Refuse what comes before or after the periods of all sites, whatever is in it. Raises `ApplicationClosed`."""
    if not context.is_open:
        raise ApplicationClosed


def save_draft(services: Services, context: ApplicantContext, update: DraftUpdate, client: Client) -> Application:
    """Save a step: one write; what is refused changes nothing. The same form sent twice finds its own work.

    Raises `ApplicationClosed`, `FieldsRefused`, `LessComplete`, `ApplicationFull`, and `AnswersMoved` where other
    answers were saved meanwhile.
    """
    check_open(context)
    applications = admission_stores(services).applications

    def decide(current: Application) -> Application:
        answers, standing = update.apply(current), update.part(current.answers)
        is_same = update.part(answers) == standing
        version = version_of(standing)
        if version != update.form.version and not is_same:
            raise AnswersMoved(None, version, standing)
        _check(update, current)
        return current if is_same else applications.check_room(current, with_draft(current, answers, context.now))

    before, after = applications.revise(context.application, decide)
    if after is not before:
        services.record.write("admission_saved", context.now, client.request, application=after.ref.mailbox)
    return after


def _check(update: DraftUpdate, current: Application) -> None:
    if update.lacking and not update.form.later:
        raise FieldsRefused(update.lacking)
    if update.lacking and update.is_complete(current.answers):
        raise LessComplete(update.lacking)


def with_draft(current: Application, answers: Answers, now: datetime) -> Application:
    """Keep answers as a draft; none is left where they are what was sent."""
    is_as_sent = current.sent is not None and without_moments(answers) == without_moments(current.sent.answers)
    return replace(current, draft=None if is_as_sent else answers, saved_at=now)


def guardian_part(answers: Answers) -> Answers:
    """Find what this step is about."""
    return replace(answers, candidates=())


def save_guardian(
    services: Services, context: ApplicantContext, typed: Answers, form: StepForm, client: Client
) -> Application:
    """Save who asks, whole or to be finished later. Raises as `save_draft` does."""
    update = DraftUpdate(
        part=guardian_part,
        apply=lambda current: replace(typed, candidates=current.answers.candidates),
        form=form,
        lacking=missing_of_guardian(typed),
        is_complete=lambda answers: not missing_of_guardian(answers),
    )
    return save_draft(services, context, update, client)
