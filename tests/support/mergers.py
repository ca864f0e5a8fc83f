"""Two accounts of one family, and their merge as a manager starts it and the desk's worker does it."""

from datetime import timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.jobs.merge import begin_merge, find_merger
from chalicelib.services.office import OfficeServices
from tests.support.desk_work import deliver_all
from tests.support.households import settle_whole
from tests.support.world import ROSSIGNOL, World

STOPS: Final = ROSSIGNOL
STAYS: Final = AccountRef(ROSSIGNOL.site, "nid9")
BY: Final = Author("Mme Lyre", "au guichet, pièce d'identité")
LEO: Final = Pupil("Léo Rossignol")
STAYING_PASSWORD: Final = "Pinson-2026"


def settle_two(world: World, stops: AccountRef = STOPS) -> Account:
    """Store a family with data everywhere, and a second account of it with another pupil."""
    settle_whole(world, stops)
    household = Household((Guardian("Aimée Rossignol", "aimee@example.org"),), pupils=(LEO,))
    about = {"emails": ("aimee@example.org",), "display_identifier": "NID 9", "household": household}
    return world.settle(STAYS, password=STAYING_PASSWORD, **about)


def begin(
    world: World, stays: AccountRef = STAYS, stops: AccountRef = STOPS, services: OfficeServices | None = None
) -> DeskJob:
    """Send the form of a look that was just opened."""
    services = services or world.services
    version = find_merger(services, stays, stops.identifier).version
    case = HelpdeskCase(stays.identifier, stays.site, BY)
    return begin_merge(services, case, stops.identifier, version, world.now)


def merge(world: World, stops: AccountRef = STOPS) -> DeskJob:
    """Merge the two accounts, by a worker that is never cut."""
    job = begin(world, stops=stops)
    world.wait(timedelta(seconds=40))
    deliver_all(world)
    return job
