"""The services of families' login methods."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.services.family import FamilyServices

if TYPE_CHECKING:
    from chalicelib.stores.mailed_codes import Codes


class LoginMethodServices(FamilyServices):
    """Those of families, with the store of mailed codes."""

    @cached_property
    def codes(self) -> "Codes":
        """The codes mailed to logins."""
        from chalicelib.stores.mailed_codes import Codes  # noqa: PLC0415 - not for the start of all

        return Codes(self.database, self.settings.attempts_table)
