"""Follow an application: three reads, and its own data alone."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.admission.applications import Wish
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.flows.applicant.application import documents_asked, steps_of
from tests.support.admission import MERLE, announce, applicant
from tests.support.application_form import context_of, draft, only
from tests.support.applications import ALBA
from tests.support.offers import ALBA_REF, PIANO, VIOLIN, come, offer_place, rank, send_application
from tests.support.world import Visitor, World


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


def test_it_is_read_in_three_round_trips_with_pools_rankings_and_draws(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)
    offer_place(world, PIANO)
    rank(world, VIOLIN, ALBA_REF)
    world.aws.calls.clear()

    status = come(world, visitor)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "BatchGetItem"]
    alba = status.candidate(ALBA.key)
    assert alba
    assert alba.state == "offered"
    assert [wish.state for wish in alba.wishes] == ["offered", "waiting"]
    assert [draw.site for draw in status.draws] == ["evry-xenakis"]
    assert [site.code for site in status.sites] == ["evry-magnard", "evry-xenakis"]


def test_another_application_holds_nothing_of_it(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)
    offer_place(world, PIANO)

    send_application(world, visitor, "pie@example.org", "P26-2222-2222")
    status = come(world, visitor)

    assert [one.state for one in status.candidates] == ["sent", "sent"]
    assert [one.held for one in status.candidates] == [(), ()]


def test_it_may_be_corrected_until_the_closing_day_as_long_as_somebody_asks_for_a_place(
    world: World, visitor: Visitor
) -> None:
    send_application(world, visitor)
    status = come(world, visitor)
    assert (status.closing_day, status.may_correct) == (date(2026, 9, 15), True)

    announce(world, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 20)))
    applicant(world, visitor)
    over = come(world, visitor)

    assert (over.closing_day, over.may_correct) == (date(2026, 8, 20), False)
    assert not replace(status, candidates=()).may_correct
