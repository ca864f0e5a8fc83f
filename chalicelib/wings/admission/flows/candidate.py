"""The step of a candidate: the pupil, and up to three wishes. Candidates are added and removed here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.services.family import Visit
from chalicelib.wings.admission.domain.applications import (
    MOST_CANDIDATES,
    OVER,
    Answers,
    Application,
    Candidate,
    Wish,
    new_key,
)
from chalicelib.wings.admission.domain.catalogue import WishError
from chalicelib.wings.admission.domain.paperwork import asked_for, missing_of_candidate
from chalicelib.wings.admission.flows.draft import (
    DraftUpdate,
    StepForm,
    check_open,
    save_draft,
    sent_candidate,
    wish_errors,
    with_draft,
)
from chalicelib.wings.admission.flows.entry import ApplicantContext
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services

NEW: Final = "nouveau"  # instead of a key: a new candidate


class CandidateRefused(FieldsRefused):
    """Some fields of a candidate's step are wrong. `wishes`: the errors of wishes, with their alternatives."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]], wishes: tuple[WishError, ...] = ()) -> None:
        super().__init__(dict(fields) | {error.field: (error.fault,) for error in wishes})
        self.wishes = wishes


def candidate_of(context: ApplicantContext, key: str) -> Candidate:
    """Find a candidate whose answers may change. `NEW` gives an empty one. Raises `NotThere` for an unknown key."""
    if key == NEW:
        return Candidate(NEW)
    candidate = next((one for one in asked_for(context.application) if one.key == key), None)
    if candidate is None:
        raise NotThere
    return candidate


def sent_wishes(context: ApplicantContext, key: str) -> tuple[Wish, ...]:
    """List the wishes of a candidate as last sent. Empty if it was never sent."""
    candidate = sent_candidate(context.application, key)
    return candidate.wishes if candidate else ()


def save_candidate(visit: Visit[Services], context: ApplicantContext, entry: Candidate, form: StepForm) -> Application:
    """Save a candidate, complete or to be finished later. The key of a new one is `NEW`. A refusal changes nothing.

    Raises `CandidateRefused`, `NotThere`, and as `save_draft` does.
    """
    check_open(context)
    candidate_of(context, entry.key)
    pupil = replace(entry, key=new_key()) if entry.key == NEW else entry
    lacking = missing_of_candidate(pupil)
    if wrong := wish_errors(context, pupil):
        raise CandidateRefused({} if form.later else lacking, wrong)
    update = DraftUpdate(
        part=lambda answers: answers.candidate(pupil.key),
        apply=lambda current: _with_candidate(current, pupil),
        form=form,
        lacking=lacking,
        is_complete=lambda answers: _is_complete(answers.candidate(pupil.key)),
    )
    return save_draft(visit, context, update)


def remove_candidate(visit: Visit[Services], context: ApplicantContext, key: str) -> Application:
    """Remove a candidate that was never sent. Idempotent.

    Raises `ApplicationClosed`, and `NotThere` for a sent one, which is withdrawn instead.
    """
    check_open(context)

    def decide(current: Application) -> Application:
        if current.state(key) != "draft":
            raise NotThere
        if current.answers.candidate(key) is None:
            return current
        return with_draft(current, current.answers.without_candidate(key), context.now)

    before, after = visit.services.admission.applications.revise(context.application, decide)
    if after is not before:
        visit.record("admission_saved", application=after.ref.mailbox)
    return after


def _with_candidate(current: Application, pupil: Candidate) -> Answers:
    """Put a candidate into the answers. Idempotent: a form sent twice adds one candidate."""
    if current.state(pupil.key) in OVER:
        raise NotThere
    former = current.answers.candidate(pupil.key)
    twin = next((one for one in asked_for(current) if one.key != pupil.key and _is_same_person(one, pupil)), None)
    if twin and former is None and _bare(twin) == _bare(pupil):
        return current.answers
    if twin:
        raise FieldsRefused({"prenom": ("candidate_twice",)})
    if pupil.name and pupil.born_on and current.is_another(pupil):
        raise FieldsRefused({"prenom": ("candidate_another",)})
    if former is None and not pupil.name:
        return current.answers  # to be finished later, and still empty
    if former is None and len(asked_for(current)) >= MOST_CANDIDATES:
        raise FieldsRefused({"prenom": ("candidates_too_many",)})
    return current.answers.with_candidate(_with_moments(pupil, former))


def _with_moments(pupil: Candidate, former: Candidate | None) -> Candidate:
    """Keep the time at which each unchanged wish was first sent."""
    since = {wish.slot: wish.since for wish in (former.wishes if former else ())}
    return replace(pupil, wishes=tuple(replace(wish, since=since.get(wish.slot)) for wish in pupil.wishes))


def _is_same_person(candidate: Candidate, other: Candidate) -> bool:
    return bool(candidate.name) and candidate.person == other.person


def _is_complete(candidate: Candidate | None) -> bool:
    return candidate is not None and not missing_of_candidate(candidate)


def _bare(candidate: Candidate) -> Candidate:
    return replace(candidate, key="", wishes=tuple(replace(wish, since=None) for wish in candidate.wishes))
