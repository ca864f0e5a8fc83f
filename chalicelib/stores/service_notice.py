"""The notice of an incident, in the office's table: one item for the whole network."""

from datetime import datetime
from typing import Final

from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Delete, Key, Lookup, Put, Table

_KEY: Final[Key] = {"site": "*", "identifier": "service-notice"}  # no site has this code
_CODEC: Final = Codec(ServiceNotice)


class ServiceNoticeStore(Table):
    """Reads and writes the notice. Raises `Unavailable`."""

    def find(self) -> ServiceNotice | None:
        """Find the notice, which may have ended. None if there is none."""
        return self._database.read(Lookup(self._table, _KEY, lambda item: _CODEC.decode(item) if item else None))

    def read(self, now: datetime) -> ServiceNotice | None:
        """Read the notice to show. None if there is none, or if it has ended."""
        notice = self.find()
        return notice if notice and now < notice.until else None

    def write(self, notice: ServiceNotice | None) -> None:
        """Replace the notice, or delete it."""
        change = Put(self._table, {**_KEY, **_CODEC.encode(notice)}) if notice else Delete(self._table, _KEY)
        self._database.write_together(change)
