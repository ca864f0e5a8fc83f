"""A password that a member of staff chooses: typed twice, and looked at as a guesser would."""

from dataclasses import field, replace
from typing import Final

from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_passwords import STAFF_RULE
from chalicelib.services.family import Services
from chalicelib.values import frozen

Refused = dict[str, tuple[str, ...]]
_NEW: Final = "nouveau"
_CONFIRMATION: Final = "confirmation"


@frozen
class NewPassword:
    """What was typed, each as `passwords.trim` gives it."""

    new: str = field(repr=False)
    confirmation: str = field(repr=False)

    def refusals(self, services: Services, member: Member) -> Refused:
        """List what must be mended, by field: nothing of it needs a secret."""
        refused: Refused = {}
        if not self.new:
            refused[_NEW] = ("new_missing",)
        elif broken := self._violations(services, member):
            refused[_NEW] = broken
        if not self.confirmation:
            refused[_CONFIRMATION] = ("confirmation_missing",)
        elif self.confirmation != self.new:
            refused[_CONFIRMATION] = ("confirmation_differs",)
        return refused

    def _violations(self, services: Services, member: Member) -> tuple[str, ...]:
        network = services.settings.network
        rule = replace(STAFF_RULE, common=network.passwords.rule.common)
        places = (network.name, network.agglomeration, *(site.name for site in network.sites))
        return rule.violations(self.new, member.email, member.name, *places)
