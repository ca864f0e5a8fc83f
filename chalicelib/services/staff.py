"""The services of the office."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.services.admission import ApplicantServices
from chalicelib.services.sign_in import SignInServices

if TYPE_CHECKING:
    from chalicelib.services.staff_stores import StaffStores
    from chalicelib.services.teaching import TeachingStores


class StaffServices(SignInServices, ApplicantServices):
    """The services of the office: of the staff's functions, of jobs and of commands."""

    @cached_property
    def staff(self) -> "StaffStores":
        """The stores of the staff."""
        from chalicelib.services.staff_stores import StaffStores  # noqa: PLC0415 - not for the start of all

        return StaffStores(self)

    @cached_property
    def teaching(self) -> "TeachingStores":
        """The stores of teaching."""
        from chalicelib.services.teaching import TeachingStores  # noqa: PLC0415 - not for the start of all

        return TeachingStores(self)
