"""An application is forgotten with all its data, or not at all if it was changed since it was read."""

from chalicelib.office.admission.purge import NO_SITE, forget, site_of
from tests.support.admission import application_of, stores
from tests.support.applications import ALBA, BEGUN, NEW_EMAIL, SENT
from tests.support.old_applications import NUMBER, send_application, traces_of
from tests.support.world import World


def test_all_of_it_goes_and_twice_is_once(world: World) -> None:
    sent = send_application(world)

    assert forget(world.services, sent)
    assert forget(world.services, sent)

    assert traces_of(world, sent) == []


def test_what_somebody_changed_meanwhile_stays_under_its_number(world: World) -> None:
    read = send_application(world)
    changed = stores(world).applications.change(read, read.withdraw([ALBA.key], world.now))

    assert not forget(world.services, read)

    assert application_of(world, NEW_EMAIL) == changed
    assert stores(world).applications.find_by_number(NUMBER) == changed


def test_an_application_counts_for_the_site_of_its_first_wish() -> None:
    assert site_of(SENT) == "evry-xenakis"
    assert site_of(BEGUN.__class__(BEGUN.ref)) == NO_SITE
