"""The campaigns, in the office's table: their state, and counts of mails and bounces."""

from typing import Final

from chalicelib.domain.account.notices import NoticeState, NoticeUpdate
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import Items
from chalicelib.stores.notices import NoticeCounter
from chalicelib.wings.campaign.domain.campaigns import Campaign, CampaignCounter, counters_for

_SITE: Final = "*"  # no site has this code
_PREFIX: Final = "campaign#"
_COUNTED: Final[tuple[CampaignCounter, ...]] = ("sent", "delivered", "bounced", "uncertain")


class Campaigns(Items[str, Campaign]):
    """Creates, finds, counts, stops and restarts campaigns."""

    codec = Codec(Campaign, "name", always={"state", *_COUNTED})

    def key(self, name: str) -> Key:
        """Build the key of a campaign."""
        return {"site": _SITE, "identifier": f"{_PREFIX}{name}"}

    def key_fields(self, key: Key) -> tuple[str]:
        """Parse the name in the key of a campaign."""
        return (key["identifier"].removeprefix(_PREFIX),)

    def all(self) -> list[Campaign]:
        """List the campaigns and reminders, the newest first."""
        return sorted(self.under(_SITE, _PREFIX), key=lambda campaign: campaign.started_at, reverse=True)

    def begin(self, campaign: Campaign) -> Campaign:
        """Create a campaign, or return the existing one."""
        try:
            self._database.create(self._table, self.encode(campaign))
        except WriteConflict as clash:
            return self.parse(clash.item) if clash.item else campaign
        return campaign

    def count(self, name: str, *counters: CampaignCounter) -> None:
        """Increase counters. No effect if the campaign no longer exists."""
        sums = ", ".join(f"#{name} :one" for name in counters)
        try:
            self._database.update(self._table, self.key(name), f"ADD {sums}", "attribute_exists(#started_at)", one=1)
        except WriteConflict:
            return

    def follow(self, name: str, before: NoticeState, after: NoticeState) -> NoticeUpdate:
        """Count a notice that changed state, and stop the campaign if it must."""
        counters = counters_for(before, after)
        if counters:
            self.count(name, *counters)
        return NoticeUpdate(bool(counters), is_stopped="bounced" in counters and self.stop_if_it_must(name))

    def stop_if_it_must(self, name: str) -> bool:
        """Stop a running campaign with too many bounces. Returns whether it was stopped now."""
        campaign = self.find(name)
        if campaign is None or campaign.state == "stopped" or not campaign.must_stop:
            return False
        self.stop(name)
        return True

    def stop(self, name: str) -> None:
        """Stop a campaign, so that no further mail is sent."""
        self._database.update(
            self._table, self.key(name), "SET #state = :stopped", "attribute_exists(#started_at)", stopped="stopped"
        )

    def go_on(self, name: str) -> None:
        """Restart a stopped campaign, with its counters at zero."""
        nothing = ", ".join(f"#{name} = :none" for name in _COUNTED)
        self._database.update(
            self._table,
            self.key(name),
            f"SET #state = :running, {nothing}",
            "attribute_exists(#started_at)",
            running="running",
            none=0,
        )


COUNTER: Final = NoticeCounter(lambda database, table: Campaigns(database, table).follow)
