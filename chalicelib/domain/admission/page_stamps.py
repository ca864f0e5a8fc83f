"""When a page was made, signed into its form: a machine sends it at once, and an old copy of it is good for nothing."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

_SHORTEST: Final = timedelta(seconds=3)  # nobody reads the page and types an address in less
_LONGEST: Final = timedelta(hours=2)
_STAMP: Final = re.compile(r"([1-9]\d{9,10})\.([0-9a-f]{32})", re.ASCII)


class PageStamps:
    """Makes and reads the stamp of a page, under a key of the deployment."""

    def __init__(self, key: str) -> None:
        self._key = hmac.new(key.encode(), b"stamp of an applicant's page", hashlib.sha256).digest()

    def stamp(self, now: datetime) -> str:
        """Stamp a page that is made now."""
        moment = str(int(now.timestamp()))
        return f"{moment}.{self._signature(moment)}"

    def is_ripe(self, stamp: str, now: datetime) -> bool:
        """Whether a form comes from a page that we made three seconds ago or more, and two hours ago or less."""
        found = _STAMP.fullmatch(stamp)
        if not found or not hmac.compare_digest(found[2], self._signature(found[1])):
            return False
        return _SHORTEST <= now - datetime.fromtimestamp(int(found[1]), UTC) <= _LONGEST

    def _signature(self, moment: str) -> str:
        return hmac.new(self._key, moment.encode(), hashlib.sha256).hexdigest()[:32]
