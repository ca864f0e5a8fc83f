"""The stores of the staff, built on use: no family's function loads them."""

from chalicelib.services.family import Services
from chalicelib.stores.applied_imports import AppliedImports
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.consultations import Consultations, StaffActs
from chalicelib.stores.desk_jobs import DeskJobs
from chalicelib.stores.staff import Managers, Members
from chalicelib.stores.staff_sessions import StaffSessions
from chalicelib.values import frozen


@frozen
class StaffStores:
    """The stores of staff, used by flows and the desk besides `Services`."""

    members: Members
    managers: Managers
    sessions: StaffSessions
    attempts: Attempts  # at passwords and codes
    acts: StaffActs
    jobs: DeskJobs
    imports: AppliedImports
    consultations: Consultations


def staff_stores(services: Services) -> StaffStores:
    """Build the stores, which have no state."""
    database, settings = services.database, services.settings
    return StaffStores(
        members=Members(database, settings.staff_table),
        managers=Managers(database, settings.staff_table),
        sessions=StaffSessions(database, settings.staff_table),
        attempts=Attempts(database, settings.staff_table),
        acts=StaffActs(database, settings.staff_table),
        jobs=DeskJobs(database, settings.staff_table),
        imports=AppliedImports(database, settings.staff_table),
        consultations=Consultations(database, settings.staff_table),
    )
