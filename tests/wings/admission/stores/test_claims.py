"""Claims: one application of a season claims a candidate, and of two concurrent ones one wins."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.admission.domain.applications import ApplicationRef
from chalicelib.wings.admission.stores.claims import CandidateClaims, Claim
from tests.support.applications import NOW, REF, SEASON
from tests.support.stored_applications import stores_of
from tests.support.world import World


def test_each_is_given_once_in_each_season(world: World) -> None:
    numbers = stores_of(world).identifier_numbers

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(lambda _: numbers.next("2027"), range(8)))

    assert results == list(range(1, 9))
    world.aws.calls.clear()
    assert numbers.next("2028") == 1
    assert world.aws.calls == ["UpdateItem"], "one call, whoever asks at the same moment"


def test_where_dynamodb_does_not_answer_none_is_given(world: World) -> None:
    with world.aws.failing("UpdateItem", "before"), pytest.raises(Unavailable):
        stores_of(world).identifier_numbers.next("2027")


CLAIM = Claim("alba", REF, "a1a1a1a1", NOW)
OTHER = replace(CLAIM, application=ApplicationRef("another mailbox", SEASON), key="c3c3c3c3")


@pytest.fixture
def claims(world: World) -> CandidateClaims:
    return world.services.admission.claims


def test_a_claim_is_replaced_only_as_it_was_read(claims: CandidateClaims) -> None:
    claims.add(CLAIM)
    claim = replace(CLAIM, at=NOW + timedelta(minutes=3))
    assert claims.replace(CLAIM, claim)

    assert not claims.replace(CLAIM, OTHER)
    assert claims.add(OTHER) == claim
    assert claims.replace(CLAIM, claim), "whose answer was lost finds its own work"
