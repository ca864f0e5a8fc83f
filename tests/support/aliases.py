"""A family whose identifier is changed on the desk, as a manager does it."""

from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import IDENTIFIER, CorrectionResult, NewValues, correct
from chalicelib.services.office import OfficeServices
from tests.support.world import ROSSIGNOL, World

NEW: Final = AccountRef(ROSSIGNOL.site, "pie-9")
BY: Final = Author("Mme Lyre", "nouveau numéro du logiciel")


def change_identifier(
    world: World, spelling: str = "PIE-9", ref: AccountRef = ROSSIGNOL, services: OfficeServices | None = None
) -> CorrectionResult:
    """Change the identifier of a family, by a form just opened."""
    services = services or world.services
    account = services.accounts.find(ref)
    assert account
    new = NewValues("", (spelling,), IDENTIFIER.version_of(account))
    return correct(services, HelpdeskCase(ref.identifier, ref.site, BY), IDENTIFIER, new, world.now)
