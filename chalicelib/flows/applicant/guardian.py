"""The step « Vos coordonnées »: who asks, how to reach that person, and the priority groups that it belongs to."""

from dataclasses import replace

from chalicelib.domain.admission.applications import Answers, Application
from chalicelib.domain.admission.checklist import lacking_of_guardian
from chalicelib.flows.applicant.draft import DraftUpdate, StepForm, save_draft
from chalicelib.flows.applicant.entry import ApplicantContext
from chalicelib.services.family import Client, Services


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
        lacking=lacking_of_guardian(typed),
        is_complete=lambda answers: not lacking_of_guardian(answers),
    )
    return save_draft(services, context, update, client)
