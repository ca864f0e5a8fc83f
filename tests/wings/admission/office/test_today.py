"""The applications that wait for the office."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Holder
from chalicelib.wings.admission.office.today import ApplicationsToday, applications_today
from tests.support.applications import ALBA, NILS, NUMBER
from tests.support.pools import POOL
from tests.support.stored_applications import IN_JULY, PIE, PIE_NUMBER, application_of, open_admission
from tests.support.world import World

SITE = "evry-xenakis"


def test_applications_wait_until_they_are_read_or_enrolled_or_their_offer_ends(world: World) -> None:
    open_admission(world)
    application_of(world, at=IN_JULY - timedelta(days=2))
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, IN_JULY)
    pools, now = world.services.admission.pools, world.now

    def hold(*holders: Holder) -> ApplicationsToday:
        before = pools.find(POOL.ref)
        pools.change(before, replace(before or POOL, holders=holders))
        return applications_today(world.services, [SITE], now)

    alba, nils = (CandidateRef(NUMBER, one.key) for one in (ALBA, NILS))
    assert hold().to_read == [IN_JULY - timedelta(days=2), IN_JULY]
    both = Holder(alba, "a", "taken", now), Holder(nils, "b", "offered", now, now + timedelta(hours=2))
    assert hold(*both) == ApplicationsToday([IN_JULY], [now], [now + timedelta(hours=2)])
    assert hold(replace(both[1], until=now + timedelta(days=1))).ending == []
    assert hold(replace(both[1], until=now)).to_read == [IN_JULY - timedelta(days=2), IN_JULY]
    world.aws.calls.clear()
    assert applications_today(world.services, ["ris-orangis-messiaen"], now) == ApplicationsToday([], [], [])
    assert world.aws.calls == ["Query"]  # no place is read for none
