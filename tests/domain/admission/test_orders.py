"""The order of places: by arrival, by a family's first priority group, or by a draw."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.admission.applications import CandidateRef, Sent, Wish
from chalicelib.domain.admission.orders import SiteOrder
from tests.support.applications import ALBA, NILS, NOW, NUMBER, SENT

ALBA_REF, NILS_REF = (CandidateRef(NUMBER, one.key) for one in (ALBA, NILS))
WISH = Wish("Piano", "evry-xenakis", since=NOW)
LATER = replace(WISH, since=NOW + timedelta(seconds=1))


def sent(*groups: str) -> Sent:
    assert SENT.sent
    return replace(SENT.sent, answers=replace(SENT.sent.answers, groups=groups))


def test_who_sent_its_wish_first_arrived_first_and_the_children_of_an_application_as_they_are_listed() -> None:
    order = SiteOrder("arrival", ("habitant",))

    assert order.position(sent(), NILS_REF, WISH) < order.position(sent("habitant"), ALBA_REF, LATER)
    assert order.position(sent(), ALBA_REF, WISH) < order.position(sent(), NILS_REF, WISH)


def test_a_family_is_of_the_first_group_that_it_belongs_to() -> None:
    order = SiteOrder("priority", ("habitant", "fratrie"))
    both, second, none = (
        order.position(sent(*groups), ALBA_REF, LATER)[0]
        for groups in (("fratrie", "habitant"), ("fratrie",), ("parti",))
    )

    assert (both, second, none) == (0, 1, 2)
    assert order.position(sent("fratrie"), ALBA_REF, LATER) < order.position(sent(), ALBA_REF, WISH)


def test_as_drawn_and_who_was_in_no_draw_comes_last() -> None:
    order = SiteOrder("draw", (), {NILS_REF: 7})

    assert order.position(sent(), NILS_REF, LATER) < order.position(sent(), ALBA_REF, WISH)
    assert (order.is_known, SiteOrder("draw").is_known) == (True, False)
