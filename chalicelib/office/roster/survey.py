"""The yearly file surveyed before any write: its anomalies, its families, and the families gone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.roster.merge import FamilyIndex
from chalicelib.domain.roster.rows import Reading, read_row
from chalicelib.domain.roster.yearly_file import Anomaly, ReportAnomaly, Row, YearlyFile
from chalicelib.domain.text import fold
from chalicelib.office.refusals import ConfirmationNeeded, OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.environment import Network
from chalicelib.stores.accounts import AccountEntry, aliases_among
from chalicelib.values import frozen

_DISABLED_AT_MOST: Final = 5  # one family in five
_GONE_AT_MOST: Final = 5  # of a site: less than one family in five

_OF_FAMILY: Final = frozenset({"row_without_email", "row_unreachable"})  # reported in the first of a family's rows


@frozen
class ImportOptions:
    """The options: to write, to disable the families gone, and to do so in any number.

    `returns_from`: for a file applied before, the start of the first import that followed it.
    """

    apply: bool = False
    disable_gone: bool = False
    is_sure: bool = False
    returns_from: datetime | None = None


class RowCheck(Protocol):
    """A check of a wing: takes the rows one by one, then compares them with the tables."""

    def add(self, reading: Reading) -> None:
        """Take a row."""

    def report(self, services: Services, sites: Collection[str]) -> Iterable[Anomaly]:
        """List the anomalies at the sites of the file."""


@frozen
class FilePart:
    """The part of a wing in an import: a check of the file, and its work at the sites once all families are written."""

    check: Callable[[], RowCheck]
    follow: Callable[[Services, Iterable[str], datetime], None]


@frozen
class Survey:
    """The listed families and those gone. By site, the families present before, and those that now leave."""

    index: FamilyIndex
    leavers: Mapping[str, tuple[AccountRef, ...]] = field(repr=False)  # by identifier
    on_file: Mapping[str, int]
    leaving: Mapping[str, int]
    letters: tuple[str, ...] = ()  # letters of the file's columns without a heading

    @property
    def refs_gone(self) -> Iterator[AccountRef]:
        """All accounts of the families gone."""
        return (ref for refs in self.leavers.values() for ref in refs)

    @property
    def notes_gone(self) -> bool:
        """Whether absent families are surely gone: not if an unreadable row might be theirs."""
        return not self.index.unplaced


def survey_families(
    services: Services, file: YearlyFile, report: ReportAnomaly, now: datetime, wings: Iterable[FilePart] = ()
) -> Survey:
    """Read the file once, and the accounts of the mentioned sites. Raises `OfficeRefusal` if it lists no family."""
    index, checks = FamilyIndex(), [wing.check() for wing in wings]
    letters: dict[str, None] = {}
    source = replace(file, rows=partial(_note_unnamed, file, letters))
    for reading in readings(services.settings.network, source, now):
        repeats = _OF_FAMILY if reading.ref and index.rows_of(reading.ref) else frozenset()
        for anomaly in (*reading.anomalies, *index.add(reading)):
            if anomaly.code not in repeats:
                report(anomaly)
        for check in checks:
            check.add(reading)
    if not index.rows:
        raise OfficeRefusal("file_without_rows")
    for anomaly in (anomaly for check in checks for anomaly in check.report(services, index.sites)):
        report(anomaly)
    on_file, leaving = dict.fromkeys(index.sites, 0), dict.fromkeys(index.sites, 0)
    groups: dict[str, tuple[AccountRef, ...]] = {}
    for entry, names in (pair for site in index.sites for pair in _entries(services, site)):
        ref, listed_names = entry.ref, [name for name in names if index.lists(name)]
        on_file[ref.site] += entry.role == "family" and entry.gone_at is None
        for anomaly in index.leave_out(listed_names) if listed_names[1:] else ():
            report(anomaly)
        if _is_gone(entry) and not listed_names:
            leaving[ref.site] += entry.gone_at is None
            groups[ref.identifier] = (*groups.get(ref.identifier, ()), ref)
    return Survey(index, groups, on_file, leaving, tuple(sorted(letters, key=lambda name: (len(name), name))))


def _entries(services: Services, site: str) -> Iterator[tuple[AccountEntry, list[AccountRef]]]:
    """Read the accounts of a site, each with all identifiers that open it."""
    entries = list(services.accounts.entries(site))
    aliases = aliases_among(entries)
    names: dict[AccountRef, list[AccountRef]] = {entry.ref: [entry.ref] for entry in entries}
    for alias, family in aliases.items():
        names[family].append(alias)
    return ((entry, names[entry.ref]) for entry in entries)


def _note_unnamed(file: YearlyFile, letters: dict[str, None]) -> Iterator[Row]:
    for row in file.rows():
        letters |= dict.fromkeys(row.unnamed)
        yield row


def readings(network: Network, file: YearlyFile, now: datetime) -> Iterator[Reading]:
    """Read each row of the file."""
    sites = site_names(network)
    today = now.astimezone(PARIS).date()
    return (read_row(row, sites, today) for row in file.rows())


def site_names(network: Network) -> dict[str, str]:
    """Map the folded codes and names of sites, as files write them, to their codes."""
    sites = {fold(name): code for name, code in network.imports.sites.items()}
    return sites | {fold(name): site.code for site in network.sites for name in (site.code, site.name)}


def check_gone(survey: Survey, options: ImportOptions) -> None:
    """Stop an import that would mark many families gone by mistake. Raises `OfficeRefusal` or `ConfirmationNeeded`.

    Nothing is asked where none would be marked.
    """
    index, on_file = survey.index, survey.on_file
    if options.disable_gone and index.left_out:
        raise OfficeRefusal("gone_rows_left_out", rows=index.left_out)
    if options.is_sure or not survey.notes_gone:
        return
    count, of = len(tuple(survey.refs_gone)), sum(on_file.values())
    if options.disable_gone and count * _DISABLED_AT_MOST > of:
        raise ConfirmationNeeded("gone_many", gone=count, on_file=of)
    for site in index.sites:
        leaving = survey.leaving[site]
        if leaving and leaving * _GONE_AT_MOST >= on_file[site]:
            number = on_file[site] - leaving
            raise ConfirmationNeeded("gone_site_nearly_empty", site=site, listed=number, on_file=on_file[site])


def _is_gone(entry: AccountEntry) -> bool:
    """Whether a family may leave with the file. Those already noted and disabled are not reported again."""
    is_settled = entry.is_disabled and entry.gone_at is not None
    return entry.role == "family" and not is_settled
