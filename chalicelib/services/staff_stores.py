"""The stores of the staff."""

from typing import Any

from chalicelib.services.family import Services
from chalicelib.stores.applied_imports import AppliedImports
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.consultations import Consultations, StaffActs
from chalicelib.stores.desk_jobs import DeskJobs
from chalicelib.stores.staff import Managers, Members
from chalicelib.stores.staff_sessions import StaffSessions
from chalicelib.stores.turns import Turns


class StaffStores:
    """The stores of the staff, all in its table."""

    def __init__(self, services: Services) -> None:
        database, table = services.database, services.settings.staff_table
        self.members = Members(database, table)
        self.managers = Managers(database, table)
        self.sessions = StaffSessions(database, table)
        self.attempts = Attempts(database, table)  # at passwords and codes
        self.acts = StaffActs(database, table)
        self.jobs = DeskJobs(database, table)
        self.imports = AppliedImports(database, table)
        self.consultations = Consultations(database, table)
        self.turns = Turns(database, table)
        self.days: dict[tuple[str, bool], Any] = {}  # the last counts of sites, for « Aujourd'hui » of a large network
