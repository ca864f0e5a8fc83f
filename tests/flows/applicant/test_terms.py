"""The terms of each site wished for, and their last day."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.flows.applicant.entry import AdmissionPeriods
from chalicelib.flows.applicant.terms import receipt_view, terms_of
from chalicelib.settings.environment import load_network
from tests.support.applications import ALBA, BEGUN, FULL, NOW, SENT, WHOLE

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
    sent = replace(SENT.sent, provided=FULL.provided) if SENT.sent else None
    view = receipt_view(OPENING, replace(SENT, sent=sent))

    assert view
    assert view.groups == ("Nous habitons dans l'agglomération.",)
    assert [(paper.label, paper.is_uploaded) for paper in view.papers] == [("Justificatif de domicile", True)]
    assert view.may_change
    assert receipt_view(OPENING, BEGUN) is None


def test_who_was_withdrawn_since_is_on_no_receipt() -> None:
    view = receipt_view(OPENING, SENT.withdraw([ALBA.key], NOW))

    assert view
    assert (view.candidates, [term.site.code for term in view.terms]) == (SENT.live[1:], ["evry-xenakis"])
