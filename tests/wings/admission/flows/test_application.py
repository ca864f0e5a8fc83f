"""Follow an application: three reads, and its own data alone. The terms of each site wished for, and their last day."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.settings.environment import load_network
from chalicelib.wings.admission.domain.applications import Wish
from chalicelib.wings.admission.flows.application import documents_asked, receipt_view, steps_of, terms_of
from chalicelib.wings.admission.flows.entry import AdmissionPeriods
from tests.support.admission import MERLE, announce, applicant
from tests.support.application_form import context_of, draft, only
from tests.support.applications import ALBA, BEGUN, FULL, NOW, SENT, WHOLE
from tests.support.offers import ALBA_REF, PIANO, VIOLIN, come, offer_place, rank, send_application
from tests.support.world import Visitor, World


def test_documents_are_a_step_while_some_are_asked_for(world: World) -> None:
    announce(world)
    draft(world, MERLE, only(replace(ALBA, wishes=(Wish("Danse classique", "evry-xenakis"),))))

    context = context_of(world, MERLE)

    assert [document.rule.code for document in documents_asked(context)] == [
        "justificatif-domicile",
        "certificat-danse",
    ]
    assert [(step.kind, step.is_done) for step in steps_of(context)][2:] == [("documents", False), ("summary", False)]
    draft(world, MERLE, only())
    assert [step.kind for step in steps_of(context_of(world, MERLE))] == ["guardian", "candidate", "summary"]


def test_it_is_read_with_the_pools_of_each_wished_site_rankings_and_draws(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)
    offer_place(world, PIANO)
    rank(world, VIOLIN, ALBA_REF)
    world.aws.calls.clear()

    status = come(world, visitor)

    assert world.aws.calls == ["GetItem", "BatchGetItem", "Query", "Query", "BatchGetItem"]
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


def test_it_may_be_corrected_until_the_closing_day_while_a_place_is_asked_for(world: World, visitor: Visitor) -> None:
    send_application(world, visitor)
    status = come(world, visitor)
    assert (status.closing_day, status.may_correct) == (date(2026, 9, 15), True)

    announce(world, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 20)))
    applicant(world, visitor)
    over = come(world, visitor)

    assert (over.closing_day, over.may_correct) == (date(2026, 8, 20), False)
    assert not replace(status, candidates=()).may_correct


NETWORK = load_network()
PERIODS = Periods(
    EnrolmentPeriod(date(2027, 5, 25), date(2027, 6, 15)),
    (("evry-magnard", EnrolmentPeriod(date(2027, 5, 1), date(2027, 5, 31))),),
)
OPENING = AdmissionPeriods(NETWORK, PERIODS, "2027", datetime(2027, 6, 1, 7, 0, tzinfo=UTC))


def test_each_site_wished_for_has_its_order_and_its_last_day() -> None:
    terms = [(term.site.code, term.order, term.closes_on, term.is_open) for term in terms_of(OPENING, WHOLE.candidates)]

    assert terms == [
        ("evry-magnard", "priority", date(2027, 5, 31), False),
        ("evry-xenakis", "draw", date(2027, 6, 15), True),
    ]


def test_priority_without_groups_is_arrival() -> None:
    bare = replace(NETWORK, admission=replace(NETWORK.admission, groups=()))

    assert terms_of(replace(OPENING, network=bare), WHOLE.candidates)[0].order == "arrival"


def test_a_receipt_has_its_groups_and_its_papers_by_their_titles() -> None:
    sending = replace(SENT.sent, provided=FULL.provided) if SENT.sent else None
    view = receipt_view(OPENING, replace(SENT, sent=sending))

    assert view
    assert view.groups == ("Nous habitons dans l'agglomération.",)
    assert [(paper.label, paper.is_uploaded) for paper in view.papers] == [("Justificatif de domicile", True)]
    assert view.may_change
    assert receipt_view(OPENING, BEGUN) is None


def test_who_was_withdrawn_since_is_on_no_receipt() -> None:
    view = receipt_view(OPENING, SENT.withdraw([ALBA.key], NOW))

    assert view
    assert (view.candidates, [term.site.code for term in view.terms]) == (SENT.live[1:], ["evry-xenakis"])
