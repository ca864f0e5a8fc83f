"""The steps of a request, with the documents that its wishes ask for."""

from dataclasses import replace

from chalicelib.domain.admission.applications import Wish
from chalicelib.flows.applicant.overview import documents_asked, steps_of
from tests.support.admission import MERLE, announce
from tests.support.application_form import context_of, draft, only
from tests.support.applications import ALBA
from tests.support.world import World


def test_documents_are_a_step_while_some_are_asked_for(world: World) -> None:
    announce(world)
    dancer = replace(ALBA, wishes=(Wish("Danse classique", "evry-xenakis"),))
    draft(world, MERLE, only(dancer))

    context = context_of(world, MERLE)

    assert [document.rule.code for document in documents_asked(context)] == [
        "justificatif-domicile",
        "certificat-danse",
    ]
    assert [(step.kind, step.is_done) for step in steps_of(context)][2:] == [("documents", False), ("summary", False)]
    draft(world, MERLE, only())
    assert [step.kind for step in steps_of(context_of(world, MERLE))] == ["guardian", "candidate", "summary"]
