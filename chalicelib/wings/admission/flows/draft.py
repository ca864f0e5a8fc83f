"""Save a step of an application: one conditional write of the draft, which overwrites no concurrent change."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, LessComplete, StepMoved
from chalicelib.flows.family.visit import FieldErrors
from chalicelib.services.family import Visit
from chalicelib.values import frozen, version_of
from chalicelib.wings.admission.domain.applications import Answers, Application, Candidate
from chalicelib.wings.admission.domain.catalogue import Catalogue, WishError
from chalicelib.wings.admission.domain.paperwork import missing_of_guardian, without_moments
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services


class ApplicationClosed(FormRefusal):
    """No site takes applications now: saved and sent answers stay, and new ones are refused."""

    code = "application_closed"


class AnswersMoved(StepMoved):
    """The same step was saved concurrently, in another window or on another device. Nothing was overwritten."""

    code = "answers_moved"


class CandidateGone(AnswersMoved):
    """The candidate was removed concurrently. The typed answers would add it again."""

    code = "candidate_gone"


@frozen
class StepForm:
    """The fields of each step's form besides its answers: the version shown, and whether to finish it later."""

    version: str
    later: bool = False


@frozen
class DraftUpdate:
    """A step to save: the part of the answers that it edits, and the function that changes them, which may refuse.

    `lacking`: the fields to complete, with their errors. `is_complete`: whether the saved answers are complete.
    """

    part: Callable[[Answers], object]
    apply: Callable[[Application], Answers]
    form: StepForm
    lacking: FieldErrors = field(default_factory=dict)
    is_complete: Callable[[Answers], bool] = lambda _answers: False


def catalogue_of(context: ApplicantContext) -> Catalogue:
    """Return the disciplines and sites open to applications now."""
    settings = context.network.admission
    sites = tuple(site.code for site in context.open_sites)
    return Catalogue(settings.disciplines, sites, settings.age_day(context.season))


def sent_candidate(application: Application, key: str) -> Candidate | None:
    """Find a candidate as last sent."""
    return application.sent.answers.candidate(key) if application.sent else None


def wish_errors(context: ApplicantContext, candidate: Candidate) -> tuple[WishError, ...]:
    """List the errors in a candidate's wishes, given those sent before."""
    before = sent_candidate(context.application, candidate.key)
    former = (before.wishes, before.born_on) if before else ((), None)
    return catalogue_of(context).errors(candidate, *former)


def check_open(context: ApplicantContext) -> None:
    """Refuse a form outside the periods of all sites, before its content is checked. Raises `ApplicationClosed`."""
    if not context.is_open:
        raise ApplicationClosed


def save_draft(visit: Visit[Services], context: ApplicantContext, update: DraftUpdate) -> Application:
    """Save a step in one write. Idempotent. A refusal changes nothing.

    Raises `ApplicationClosed`, `FieldsRefused`, `LessComplete`, `ApplicationFull`, and `AnswersMoved` if other answers
    were saved since the page was shown.
    """
    check_open(context)
    applications = visit.services.admission.applications

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
        visit.record("admission_saved", application=after.ref.mailbox)
    return after


def _check(update: DraftUpdate, current: Application) -> None:
    if update.lacking and not update.form.later:
        raise FieldsRefused(update.lacking)
    if update.lacking and update.is_complete(current.answers):
        raise LessComplete(update.lacking)


def with_draft(current: Application, answers: Answers, now: datetime) -> Application:
    """Store answers as a draft. Answers equal to those sent leave no draft."""
    is_as_sent = current.sent is not None and without_moments(answers) == without_moments(current.sent.answers)
    return replace(current, draft=None if is_as_sent else answers, saved_at=now)


def guardian_part(answers: Answers) -> Answers:
    """Return the part of the answers that this step edits."""
    return replace(answers, candidates=())


def save_guardian(visit: Visit[Services], context: ApplicantContext, entry: Answers, form: StepForm) -> Application:
    """Save the applicant's own answers, complete or to be finished later. Raises as `save_draft` does."""
    update = DraftUpdate(
        part=guardian_part,
        apply=lambda current: replace(entry, candidates=current.answers.candidates),
        form=form,
        lacking=missing_of_guardian(entry),
        is_complete=lambda answers: not missing_of_guardian(answers),
    )
    return save_draft(visit, context, update)
