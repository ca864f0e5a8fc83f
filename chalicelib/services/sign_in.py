"""The services of families' other ways in."""

from chalicelib.services.admission import ApplicantServices
from chalicelib.services.lessons import FamilyServices


class SignInServices(FamilyServices, ApplicantServices):
    """Those of families, with the store of mailed codes, which applicants share."""
