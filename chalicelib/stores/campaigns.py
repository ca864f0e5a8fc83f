"""The campaigns, in the office's table: their state, and counts of mails and bounces."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.campaign.campaigns import Campaign, CampaignCounter
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none

_SITE: Final = "*"  # no site has this code
_PREFIX: Final = "campaign#"
_COUNTED: Final[tuple[CampaignCounter, ...]] = ("sent", "delivered", "bounced", "uncertain")


class Campaigns:
    """Creates, finds, counts, stops and restarts campaigns."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def lookup(self, name: str) -> Lookup[Campaign | None]:
        """Look up a campaign. None if there is none."""
        return Lookup(self._table, _key(name), _campaign)

    def find(self, name: str) -> Campaign | None:
        """Find a campaign."""
        return self._database.read(self.lookup(name))

    def all(self) -> Iterator[Campaign]:
        """List the campaigns, by name."""
        for item in self._database.items_of(self._table, _SITE, _PREFIX):
            campaign = _campaign(item)
            if campaign:
                yield campaign

    def begin(self, campaign: Campaign) -> Campaign:
        """Create a campaign, or return the existing one."""
        try:
            self._database.create(
                self._table,
                {
                    **_key(campaign.name),
                    "started_at": campaign.started_at,
                    "started_by": campaign.started_by,
                    "step": campaign.step,
                    "about": campaign.about,
                    "since": campaign.since,
                    "state": campaign.state,
                    **dict.fromkeys(_COUNTED, 0),
                },
            )
        except WriteConflict as lost:
            return _campaign(lost.item) or campaign
        return campaign

    def count(self, name: str, *what: CampaignCounter) -> None:
        """Increase counters. No effect if the campaign no longer exists."""
        added = ", ".join(f"#{name} :one" for name in what)
        try:
            self._database.update(self._table, _key(name), f"ADD {added}", "attribute_exists(#started_at)", one=1)
        except WriteConflict:
            return

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
            self._table, _key(name), "SET #state = :stopped", "attribute_exists(#started_at)", stopped="stopped"
        )

    def go_on(self, name: str) -> None:
        """Restart a stopped campaign, with its counters at zero."""
        nothing = ", ".join(f"#{name} = :none" for name in _COUNTED)
        self._database.update(
            self._table,
            _key(name),
            f"SET #state = :running, {nothing}",
            "attribute_exists(#started_at)",
            running="running",
            none=0,
        )


def _key(name: str) -> dict[str, str]:
    return {"site": _SITE, "identifier": f"{_PREFIX}{name}"}


def _campaign(item: Item | None) -> Campaign | None:
    if item is None:
        return None
    return Campaign(
        name=item["identifier"].removeprefix(_PREFIX),
        started_at=moment(item["started_at"]),
        started_by=item["started_by"],
        step=item.get("step"),
        about=item.get("about"),
        since=moment_or_none(item.get("since")),
        state=item["state"],
        **{name: item[name] for name in _COUNTED},
    )
