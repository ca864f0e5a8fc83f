"""URLs of calendars in the table of lessons, and the owner of each URL. TTL deletes both."""

from contextlib import suppress
from dataclasses import replace
from typing import Final

from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Database, Key
from chalicelib.infra.dynamo.store import Items
from chalicelib.wings.teaching.domain.calendars import LinkOwner, PupilCalendar
from chalicelib.wings.teaching.stores.pupil_items import PupilItems

_LINKS: Final = "@link"  # no site has this prefix


class LinkOwners(Items[str, LinkOwner]):
    """Finds the owner of a calendar, by its name in a URL."""

    codec = Codec(LinkOwner, names={"words": "of"}, absent={"words": ()})

    def key(self, name: str) -> Key:
        """Build the key of a calendar's owner item."""
        return link_key(name)


class Calendars(PupilItems[PupilCalendar]):
    """Finds the calendar of a pupil and changes it, without overwriting concurrent changes."""

    codec = Codec(PupilCalendar, "site", "pupil")
    prefix = "calendar\t"

    def __init__(self, database: Database, table: str, pseudonyms: Pseudonyms) -> None:
        super().__init__(database, table)
        self._owners = LinkOwners(database, table)
        self._pseudonyms = pseudonyms

    def find_owner(self, name: str) -> LinkOwner | None:
        """Find the owner of a calendar by its name in a URL."""
        return self._owners.find(name)

    def change(self, before: PupilCalendar | None, after: PupilCalendar) -> PupilCalendar:
        """Write a calendar after its owner item, so that a URL in use always has both."""
        if after.nonce and (before is None or after.nonce != before.nonce):
            after = self._owned(after)
        return super().change(before, after)

    def keep_link(self, calendar: PupilCalendar) -> None:
        """Make the URL that a calendar has under the account of a merged family."""
        with suppress(WriteConflict):  # of a renewal, which makes it
            super().change(calendar, self._owned(calendar))

    def _owned(self, calendar: PupilCalendar) -> PupilCalendar:
        name, owner = calendar.name(self._pseudonyms), [calendar.site, calendar.pupil.identifier, calendar.pupil.key]
        # The families' function may only update here.
        change, condition = "SET #of = :of, #expires = :expires", "attribute_not_exists(#of) OR #of = :of"
        self._database.update(self._table, link_key(name), change, condition, of=owner, expires=calendar.expires_at)
        return replace(calendar, links=tuple(dict.fromkeys((*calendar.links, name))))


def link_key(name: str) -> dict[str, str]:
    """Build the key of a calendar's owner item."""
    return {"site": _LINKS, "identifier": name}
