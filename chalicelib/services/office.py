"""The services of the office."""

from chalicelib.services.admission import ApplicantServices
from chalicelib.services.login_methods import LoginMethodServices
from chalicelib.services.staff import StaffServices
from chalicelib.services.teaching import TeachingServices


class AdmissionServices(StaffServices, ApplicantServices):
    """Those of the staff, with the stores of applications."""


class OfficeServices(AdmissionServices, TeachingServices, LoginMethodServices):
    """All services: those of the desk, of jobs and of commands. An act declares the smaller kind that it uses."""
