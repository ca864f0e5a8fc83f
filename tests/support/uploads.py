"""Files of families in the bucket, under keys as in a page's form."""

import secrets

from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.dossiers.uploads import key_of


def new_key(folder: str, slot: Slot) -> str:
    """Make the key of an upload."""
    return key_of(folder, slot, secrets.token_hex(16))
