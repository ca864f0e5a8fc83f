"""Page stamps: the signed time of a page in its form, to detect bots, which answer at once, and old copies."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.keys import KeyRing

_SHORTEST: Final = timedelta(seconds=3)  # no person reads the page and types an address in less
_LONGEST: Final = timedelta(hours=2)
_STAMP: Final = re.compile(r"([1-9]\d{9,10})\.(\d{1,3}\.[A-Za-z0-9_-]{24})", re.ASCII)


class PageStamps:
    """Makes and checks page stamps, under the keys of `page-stamps`."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def stamp(self, now: datetime) -> str:
        """Make the stamp of a page rendered now."""
        moment = str(int(now.timestamp()))
        return f"{moment}.{self._keys.sign(moment)}"

    def is_ripe(self, stamp: str, now: datetime) -> bool:
        """Whether a form comes from a page of ours between three seconds and two hours old."""
        match = _STAMP.fullmatch(stamp)
        if not match or not self._keys.verify(match[2], match[1]):
            return False
        return _SHORTEST <= now - datetime.fromtimestamp(int(match[1]), UTC) <= _LONGEST
