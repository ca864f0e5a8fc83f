"""The services of teaching."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.services.family import FamilyServices
from chalicelib.services.staff import StaffServices

if TYPE_CHECKING:
    from chalicelib.wings.teaching.services.stores import TeachingStores


class TeachingServices(StaffServices, FamilyServices):
    """Those of the staff, with the stores of lessons and teaching."""

    @cached_property
    def teaching(self) -> "TeachingStores":
        """The stores of teaching."""
        from chalicelib.wings.teaching.services.stores import TeachingStores  # noqa: PLC0415 - not for the start of all

        return TeachingStores(self)
