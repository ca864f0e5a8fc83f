"""The services of the office."""

from functools import cached_property

from chalicelib.services.login_methods import LoginMethodServices
from chalicelib.services.staff import StaffServices
from chalicelib.wings.admission.services.applicants import ApplicantServices
from chalicelib.wings.campaign.stores import Campaigns
from chalicelib.wings.teaching.services.teaching import TeachingServices


class AdmissionServices(StaffServices, ApplicantServices):
    """Those of the staff, with the stores of applications."""


class OfficeServices(AdmissionServices, TeachingServices, LoginMethodServices):
    """All services: those of the desk, of jobs and of commands. An act declares the smaller kind that it uses."""

    @cached_property
    def campaigns(self) -> Campaigns:
        """The campaigns."""
        return Campaigns(self.database, self.settings.office_table)
