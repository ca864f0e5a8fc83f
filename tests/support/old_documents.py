"""Documents of earlier seasons, of a current family or a former one."""

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.office.account import pseudonym
from tests.support.browser_upload import PDF
from tests.support.world import ROSSIGNOL, World

GONE = AccountRef("evry-magnard", "mag9")


def put(world: World, season: str, ref: AccountRef = ROSSIGNOL) -> str:
    key = f"{family_folder(season, ref.site, pseudonym(world.services, ref))}certificat-danse/d40a9b64/0123"
    world.services.documents.put(key, PDF, "application/pdf")
    return key
