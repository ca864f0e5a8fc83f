"""Progress: where the families of each site stand in the season, and who stands at a step."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.accounts import Account
from chalicelib.domain.campaigns import Campaign
from chalicelib.domain.funnel import STEPS, Apart, Step, apart, standing, told
from chalicelib.domain.pseudonyms import Pseudonyms
from chalicelib.services import Services
from chalicelib.settings import Site

Reached = Literal["imported", "notified", "delivered", "password", "logged_in"]

# Of each step that families pass one after the other, where those stand who have come at least so far.
AT_LEAST: Final[dict[Reached, tuple[Step, ...]]] = {
    "imported": STEPS,
    "notified": ("notified", "bounced", "delivered", "password", "logged_in"),
    "delivered": ("delivered", "password", "logged_in"),
    "password": ("password", "logged_in"),
    "logged_in": ("logged_in",),
}


@dataclass
class Tally:
    """The families of one site, or of all: where they stand; and those that the season is not about."""

    name: str
    standing: Counter[Step] = field(default_factory=Counter)
    apart: Counter[Apart] = field(default_factory=Counter)
    unreachable: int = 0  # of those not written to: no address on file works

    @property
    def families(self) -> int:
        """How many the season is about."""
        return self.standing.total()

    def reached(self, step: Reached) -> int:
        """Count those who have come at least to a step."""
        return sum(self.standing[each] for each in AT_LEAST[step])

    def add(self, other: "Tally") -> None:
        """Count another's families too."""
        self.standing += other.standing
        self.apart += other.apart
        self.unreachable += other.unreachable


@dataclass(frozen=True)
class Picture:
    """Where everybody stands at a moment, by site."""

    season: Campaign | None
    at: datetime
    sites: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        """Add the sites up."""
        total = Tally("Total")
        for each in self.sites.values():
            total.add(each)
        return total

    @property
    def rows(self) -> list[Tally]:
        """List the sites, then their total; one site is its own."""
        return [*self.sites.values(), *([self.total] if len(self.sites) > 1 else [])]


@dataclass(frozen=True)
class Listed:
    """A family at a step: since when, as far as is known, and whether an address on file works."""

    account: Account
    step: Step
    since: datetime | None
    is_reachable: bool


def step_of(account: Account, season: Campaign | None) -> Step:
    """Tell where an account stands: nobody has come further than the file while no campaign was begun."""
    return standing(account, season.name, season.started_at) if season else "imported"


def picture(
    services: Services, season: Campaign | None, sites: Sequence[Site], now: datetime, advance: Callable[[], None]
) -> Picture:
    """Count the families of one site or of all; a site that the network no longer has is counted with all."""
    made = {site.code: Tally(site.name) for site in sites}
    for account in services.accounts.all(sites[0].code if len(sites) == 1 else None):
        tally = made.setdefault(account.ref.site, Tally(account.ref.site))
        _count(tally, account, season, services.record.pseudonyms)
        advance()
    return Picture(season, now, made)


def listed(services: Services, season: Campaign | None, sites: Sequence[Site], step: Step) -> Iterator[Listed]:
    """List the families that stand at a step, site by site, by identifier."""
    pseudonyms = services.record.pseudonyms
    for account in (each for site in sites for each in services.accounts.all(site.code)):
        if apart(account) is None and step_of(account, season) == step:
            yield Listed(account, step, _since(account, season, step), bool(account.reachable(pseudonyms)))


def _count(tally: Tally, account: Account, season: Campaign | None, pseudonyms: Pseudonyms) -> None:
    reason = apart(account)
    if reason:
        tally.apart[reason] += 1
        return
    step = step_of(account, season)
    tally.standing[step] += 1
    tally.unreachable += step == "imported" and not account.reachable(pseudonyms)


def _since(account: Account, season: Campaign | None, step: Step) -> datetime | None:
    """Tell since when a family stands at a step: the last login stands for the first, which is not kept."""
    if season is None or step == "imported":
        return None
    if step == "logged_in":
        return account.last_login
    if step == "password" and account.password and account.password.changed_at >= season.started_at:
        return account.password.changed_at
    notice = told(account, season.name, season.started_at)
    return notice.at if notice else None
