"""The yearly file surveyed before anything is written: what is wrong in it, whom it lists, and who is gone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.roster.family_index import Roll
from chalicelib.domain.roster.rows import Reading, read
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.domain.text import folded
from chalicelib.office.refused import Refused
from chalicelib.services import Services
from chalicelib.settings import Network
from chalicelib.stores.accounts import Entry

_DISABLED_AT_MOST: Final = 5  # one family in five
_LISTED_AT_LEAST: Final = 2  # one family in two


class Imprudent(Refused):
    """What was asked for may be a slip; somebody who is sure may insist."""


@dataclass(frozen=True)
class How:
    """What was asked for: to write, to disable the families gone, and to do so whatever their number."""

    apply: bool = False
    disable_gone: bool = False
    is_sure: bool = False


@dataclass(frozen=True)
class Survey:
    """What the file lists, who is on file and gone from it, and how many of each site were not gone before."""

    roll: Roll
    gone: Mapping[str, tuple[AccountRef, ...]] = field(repr=False)  # by identifier
    on_file: Mapping[str, int]

    @property
    def refs_gone(self) -> Iterator[AccountRef]:
        """Name all the accounts gone."""
        return (ref for refs in self.gone.values() for ref in refs)

    @property
    def notes_gone(self) -> bool:
        """Tell whether a family that is not listed is gone for sure: not where an unreadable row might be its own."""
        return not self.roll.unplaced


def survey(services: Services, file: YearlyFile, tell: Callable[[Anomaly], None], now: datetime) -> Survey:
    """Read the file once, and the accounts of the sites it mentions. Raises `Refused` where it lists nobody."""
    roll = Roll()
    for reading in readings(services.settings.network, file, now):
        for anomaly in (*reading.anomalies, *roll.add(reading)):
            tell(anomaly)
    if not roll.rows:
        raise Refused("file_without_rows")
    on_file = dict.fromkeys(roll.sites, 0)
    gone: dict[str, tuple[AccountRef, ...]] = {}
    for entry in (entry for site in roll.sites for entry in services.accounts.entries(site)):
        ref = entry.ref
        on_file[ref.site] += entry.role == "family" and entry.gone_at is None
        if _is_gone(entry, roll):
            gone[ref.identifier] = (*gone.get(ref.identifier, ()), ref)
    return Survey(roll, gone, on_file)


def readings(network: Network, file: YearlyFile, now: datetime) -> Iterator[Reading]:
    """Read each row of the file."""
    sites = site_names(network)
    today = now.astimezone(PARIS).date()
    return (read(row, sites, today) for row in file.rows())


def site_names(network: Network) -> dict[str, str]:
    """Give the folded codes and names that a file may call sites by, each with its site's code."""
    sites = {folded(name): code for name, code in network.imports.sites.items()}
    return sites | {folded(name): site.code for site in network.sites for name in (site.code, site.name)}


def check_prudence(surveyed: Survey, how: How) -> None:
    """Stop what would make many gone by a slip in the file. Raises `Refused`, `Imprudent` where one may insist."""
    roll, on_file = surveyed.roll, surveyed.on_file
    if how.disable_gone and roll.left_out:
        raise Refused("gone_rows_left_out", rows=roll.left_out)
    if how.is_sure:
        return
    for site in roll.sites:
        if roll.listed_at(site) * _LISTED_AT_LEAST < on_file[site]:
            raise Imprudent("gone_site_nearly_empty", site=site, listed=roll.listed_at(site), on_file=on_file[site])
    gone, of = len(tuple(surveyed.refs_gone)), sum(on_file.values())
    if how.disable_gone and gone * _DISABLED_AT_MOST > of:
        raise Imprudent("gone_many", gone=gone, on_file=of)


def _is_gone(entry: Entry, roll: Roll) -> bool:
    """Tell whether a family is on file and not in the file; what was noted and disabled once is not told again."""
    is_settled = entry.disabled and entry.gone_at is not None
    return entry.role == "family" and not is_settled and not roll.lists(entry.ref)
