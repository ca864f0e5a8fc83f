"""Documents requested of the family of three, put into the bucket."""

from chalicelib.domain.dossiers.documents import FOYER
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.office.account import pseudonym
from tests.support.enrolled_families import SEASON, key_of, open_for_rossignol
from tests.support.enrolment import LEO
from tests.support.uploads import new_key
from tests.support.world import ROSSIGNOL, World

DANCE = ("certificat-danse", key_of(LEO))
QUOTIENT = ("quotient-familial", FOYER)
PASSPORT = ("passeport", key_of(LEO))


def open_season(world: World) -> None:
    """Open the period, with the answers of the family of three."""
    open_for_rossignol(world)


def put(world: World, slot: tuple[str, str], content: bytes, ref: object = ROSSIGNOL, season: str = SEASON) -> str:
    name = pseudonym(world.services, ref)  # type: ignore[arg-type]
    key = new_key(family_folder(season, ROSSIGNOL.site, name), slot)
    world.services.documents.put(key, content, "binary/octet-stream")
    return key


def keep_content(world: World, key: str) -> str:
    """Move a file as a saved step does, to the name of its content, and return its new key."""
    (uploaded_file,) = [file for file in world.services.documents.files(key) if file.key == key]
    world.services.documents.copy(uploaded_file, uploaded_file.fixed_copy.key)
    world.services.documents.delete((key,))
    return uploaded_file.fixed_copy.key
