"""A request named by its number, and its candidates by what one says of them."""

import pytest

from chalicelib.office.admission.find import audited_as, candidates_meant, find_request
from chalicelib.office.refusals import OfficeRefusal
from tests.support.applications import ALBA, FULL, NILS, NUMBER, REF, SENT
from tests.support.requested import request_of
from tests.support.world import World


def test_a_number_is_found_however_it_is_spelt(world: World) -> None:
    request_of(world)

    for typed in (NUMBER, "p27k4tn8wcb", " P27 K4TN-8WCB "):
        assert find_request(world.services, typed).number == NUMBER


@pytest.mark.parametrize("typed", ["", "P27", "R27-K4TN-8WCB", "P27-K4TN-8WCB-X"])
def test_what_is_no_number_asks_nothing_of_aws(world: World, typed: str) -> None:
    world.aws.calls.clear()

    with pytest.raises(OfficeRefusal, match="request_number"):
        find_request(world.services, typed)

    assert world.aws.calls == []


def test_names_need_no_accent_and_no_whole_word_order() -> None:
    assert candidates_meant(SENT, ("geai ALBA", "nils"), everybody=False) == (ALBA_SENT, NILS_SENT)
    assert candidates_meant(SENT, (), everybody=True) == (ALBA_SENT, NILS_SENT)


def test_of_a_request_that_is_over_nobody_is_meant_unless_that_is_asked_for() -> None:
    with pytest.raises(OfficeRefusal, match="request_all_over"):
        candidates_meant(FULL_SENT, (), everybody=True)

    assert len(candidates_meant(FULL_SENT, (), everybody=True, over=True)) == 2


def test_a_request_is_noted_at_no_site() -> None:
    assert audited_as(REF).site == "demande"


assert SENT.sent
ALBA_SENT, NILS_SENT = (SENT.sent.answers.candidate(one.key) for one in (ALBA, NILS))
FULL_SENT = FULL
