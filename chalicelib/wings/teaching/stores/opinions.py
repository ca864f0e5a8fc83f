"""Opinions in the table of teaching, one partition per season and site. TTL deletes them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.opinions import Opinion, OpinionRef
from chalicelib.domain.family.households import PupilRef
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Delete, Key
from chalicelib.infra.dynamo.store import DefaultStore

_SEASON: Final = "#opinions#"  # a site's code has no « # »
_BETWEEN: Final = "\t"  # an identifier has none


class Opinions(DefaultStore[OpinionRef, Opinion]):
    """Finds opinions and stores them, without overwriting concurrent ones."""

    codec = Codec(Opinion, "ref", flat={"said"})
    facts = frozenset({"version"})

    def key(self, ref: OpinionRef) -> Key:
        """Build the key of an opinion."""
        return {"site": f"{ref.site}{_SEASON}{ref.season}", "identifier": f"{ref.pupil.name}{_BETWEEN}{ref.course}"}

    def key_fields(self, key: Key) -> tuple[OpinionRef]:
        """Parse the key of an opinion."""
        site, _, season = key["site"].partition(_SEASON)
        pupil, _, course = key["identifier"].rpartition(_BETWEEN)
        return (OpinionRef(site, season, PupilRef.parse(pupil), course),)

    def computed(self, opinion: Opinion) -> dict[str, datetime]:
        """Compute the item's expiry: the season's."""
        return {"expires": opinion.ref.expires_at} if opinion.at else {}

    def of_season(self, site: str, season: str, family: str = "") -> Iterator[Opinion]:
        """List the opinions of a season at a site (Query), family by family. `family`: only of this identifier."""
        return self.under(f"{site}{_SEASON}{season}", f"{family}{_BETWEEN}" if family else "")

    def of_family(self, account: AccountRef, seasons: Iterable[str]) -> Iterator[Opinion]:
        """List the opinions on a family's pupils (a Query per season)."""
        for season in seasons:
            yield from self.of_season(account.site, season, account.identifier)

    def forget(self, account: AccountRef, seasons: Iterable[str]) -> list[Delete]:
        """Delete all opinions on a family's pupils."""
        return [self.delete(opinion.ref) for opinion in self.of_family(account, seasons)]
