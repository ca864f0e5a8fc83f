"""The services of the staff's accounts."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.services.family import Services

if TYPE_CHECKING:
    from chalicelib.services.staff_stores import StaffStores


class StaffServices(Services):
    """Those of all, with the stores of the staff."""

    @cached_property
    def staff(self) -> "StaffStores":
        """The stores of the staff."""
        from chalicelib.services.staff_stores import StaffStores  # noqa: PLC0415 - not for the start of all

        return StaffStores(self)
