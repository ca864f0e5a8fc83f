"""When a page was made, signed into its form: a machine sends it at once, and an old copy of it is good for nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.keys import KeyRing

_SHORTEST: Final = timedelta(seconds=3)  # nobody reads the page and types an address in less
_LONGEST: Final = timedelta(hours=2)
_STAMP: Final = re.compile(r"([1-9]\d{9,10})\.(\d{1,3}\.[A-Za-z0-9_-]{24})", re.ASCII)


class PageStamps:
    """Makes and reads the stamp of a page, under the keys of `page-stamps`."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def stamp(self, now: datetime) -> str:
        """Stamp a page that is made now."""
        moment = str(int(now.timestamp()))
        return f"{moment}.{self._keys.sign(moment)}"

    def is_ripe(self, stamp: str, now: datetime) -> bool:
        """Whether a form comes from a page that we made three seconds ago or more, and two hours ago or less."""
        found = _STAMP.fullmatch(stamp)
        if not found or not self._keys.verify(found[2], found[1]):
            return False
        return _SHORTEST <= now - datetime.fromtimestamp(int(found[1]), UTC) <= _LONGEST
