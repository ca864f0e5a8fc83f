"""A restore from start to end: second tables, differences, the copy back, and the index."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chalicelib.domain.refusals import Unavailable
from chalicelib.office.roster.applied_imports import index_mailboxes, refresh_summaries
from chalicelib.presentation.texts import day_and_hour
from chalicelib.services.office import OfficeServices
from operations.deploy.aws import Aws
from operations.deploy.commands import FAILED, OK, Ask, NotReady, Stopped, Tell, command
from operations.deploy.stages import Stage
from operations.deploy.vault import Vault
from operations.restore.copies import Copies
from operations.restore.differences import DOCUMENTS, TABLES, ErasuresSince, RestoreChoice, RestoreDifference, State
from operations.restore.documents import DocumentVersions
from operations.restore.notes import RestoreNote, RestoreNotes
from operations.restore.tables import SecondTables, find_second_tables

_SHOWN: Final = 40  # lines of a list
_STATES: Final[Mapping[State, str]] = {"missing": "missing now", "changed": "changed", "new": "new since"}
_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
_AGAIN: Final = "What was copied back stays, and the same command does the rest"


@dataclass(frozen=True)
class Restore:
    """A stage to restore to a second. `live`: its tables by their logical names. `erased_names`: they stay away."""

    aws: Aws
    stage: Stage
    services: OfficeServices
    live: Mapping[str, str]
    bucket: str
    at: datetime
    tell: Tell
    ask: Ask
    choice: RestoreChoice
    erased_names: frozenset[tuple[str, str]] = frozenset()
    says_yes: bool = False
    lists_all: bool = False
    pause: float = 20
    vault: Vault | None = None  # where the second tables come from, in place of the live ones' own recovery

    def run(self) -> int:
        """Make the second tables, compare, and copy the chosen items back. Raises `NotReady` or `Stopped`."""
        if missing := [table for table in TABLES if not self.live.get(table)]:
            raise NotReady(
                f"{self.stage.name} has no table {', '.join(missing)}: it runs an older version, deploy first."
            )
        note = self._make_tables()
        try:
            return self._compare_and_copy(note)
        except Unavailable as error:
            raise Stopped(f"AWS did not answer ({error}). {_AGAIN}.") from error
        except KeyboardInterrupt:
            raise Stopped(f"\nInterrupted. {_AGAIN}.") from None

    def finish(self) -> int:
        """Delete the second tables and complete the note."""
        if not self._agrees(f"Delete the second tables of {self._at}? What was not copied back is then lost. [y/N] "):
            raise NotReady("Nothing was deleted.")
        self._tables.delete(self.tell)
        note = self._notes.find()
        if note and note.at == self._at:
            self.tell(f"Noted: {self._notes.stamp(note, 'done_at').line}")
        return OK

    @property
    def _at(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def _tables(self) -> SecondTables:
        return SecondTables(self.aws, self.stage.name, self.live, self.at, self.pause)

    @property
    def _notes(self) -> RestoreNotes:
        return RestoreNotes(self.aws, self.stage.name)

    def _command(self, *flags: str) -> str:
        return command("restore", f"{self.stage.name} AT={self._at}", self.aws, *flags)

    def _agrees(self, question: str) -> bool:
        return self.says_yes or self.ask(question).lower() in {"y", "yes"}

    def _make_tables(self) -> RestoreNote:
        self.tell(f"1. Tables of {self.stage.name} as they were at {self._at}, beside the live ones")
        tables = self._tables
        if self.vault:
            names = {self.live[table]: name for table, name in tables.names.items()}
            self.vault.restore(names, self.at, self.tell, self.pause)
        is_begun = tables.begin(self.tell)
        note = self._notes.begin(self._at, self.aws.identity)
        if is_begun:
            self.tell("  AWS takes from minutes to an hour. Ctrl-C leaves it going on: the same command waits again.")
        try:
            tables.wait(self.tell)
        except KeyboardInterrupt:
            raise Stopped(f"\nLeft: AWS goes on. Wait again: {self._command()}") from None
        return self._notes.stamp(note, "ready_at")

    def _compare_and_copy(self, note: RestoreNote) -> int:
        self.tell("2. Differences (names of sites, tables and attributes only)")
        documents = DocumentVersions(self.aws.client("s3"), self.bucket)
        copies = Copies(self.services, self.live, self._tables.names, documents, self.at, self.services.clock())
        comparison = copies.compare()
        for line in _counts(comparison.differences, comparison.copy_counts):
            self.tell(f"  {line}")
        erasures = copies.erasures(self.erased_names)
        if unmatched_counts := erasures.unmatched(comparison.differences):
            names = ", ".join(" ".join(name) for name in unmatched_counts)
            raise NotReady(f"--erased: no difference is of or mentions {names}. Look at the site and the spelling.")
        second = (table.made_at for table in find_second_tables(self.aws, self.stage.name) if table.at == self._at)
        erasures_since = copies.forget_erased(comparison.differences, min(second))
        if erasures_since:
            self.tell(
                f"  Erased on purpose since the second tables were made, and now from them too: {len(erasures_since):,}"
            )
        differences = [difference for difference in comparison.differences if difference not in erasures_since]
        held_back = erasures.hold(differences)
        self._tell_held(erasures, held_back)
        if not self.choice:
            self.tell(f"Nothing was copied back. Choose (docs/runbook.md, « Restore »): {self._command('--site CODE')}")
            self.tell(f"The second tables cost their storage until: {self._command('--done')}")
            return OK
        choice = [difference for difference in differences if self.choice.takes(difference, held_back)]
        self._tell_chosen(choice)
        if choice and not self._agrees(f"Copy these {len(choice):,} back? [y/N] "):
            raise NotReady("Nothing was copied back.")
        return self._copy(copies, choice, note)

    def _tell_held(self, erasures: ErasuresSince, held_back: frozenset[RestoreDifference]) -> None:
        for site, count in sorted(erasures.nameless.items()):
            self.tell(
                f"  {site}: {count:,} erased on purpose since then, without a record of which: the missing come back "
                "by name only (--erased SITE NAME)"
            )
        if held_back:
            self.tell(
                f"  Left out as erased on purpose since then, unless named by --family or --item: {len(held_back):,}"
            )

    def _tell_chosen(self, choice: list[RestoreDifference]) -> None:
        self.tell(f"3. To copy back: {len(choice):,}")
        lines = list(_by_name(choice))
        for line in lines if self.lists_all else islice(lines, _SHOWN):
            self.tell(f"  {line}")
        if len(lines) > _SHOWN and not self.lists_all:
            self.tell(f"  … and {len(lines) - _SHOWN:,} lines more: --list")

    def _copy(self, copies: Copies, choice: list[RestoreDifference], note: RestoreNote) -> int:
        author, why = self.aws.identity, f"État du {day_and_hour(self.at)}"
        bar = Progress(*_COLUMNS, transient=True, disable=not sys.stdout.isatty())
        task = bar.add_task("  copying back", total=len(choice))
        try:
            with bar:
                conflicts = copies.copy(choice, author, why, lambda: bar.advance(task))
        finally:
            count = int(bar.tasks[0].completed)
            self._notes.write(note, copied=note.copied + count)
            self.tell(f"  {count:,} copied back")
        self.tell("4. Index of accounts by address, and summaries of the desk's lists")
        index_mailboxes(self.services)
        refresh_summaries(self.services, self.services.clock())
        for difference in conflicts:
            self.tell(f"  LEFT, as it changed since it was compared: {_name(difference)}")
        self.tell(f"Once the offices are content: {self._command('--done')}")
        return FAILED if conflicts else OK


def _counts(differences: Iterable[RestoreDifference], by_table: Mapping[str, int]) -> Iterator[str]:
    """Count the differences by site, table and state, and the earlier copies."""
    counts = Counter((difference.site, difference.table, difference.state) for difference in differences)
    for site, table in sorted({(site, table) for site, table, _ in counts}):
        states = ", ".join(f"{counts[site, table, state]:,} {words}" for state, words in _STATES.items())
        yield f"{site:<24} {table:<13} {states}"
    if not counts:
        yield "none"
    if by_table:
        yield f"copied back before: {', '.join(f'{count:,} of {table}' for table, count in sorted(by_table.items()))}"


def _by_name(differences: list[RestoreDifference]) -> Iterator[str]:
    """Name each family's differences with their attributes, and count the others by table."""
    for difference in sorted(differences, key=lambda d: (d.site, d.family, d.table)):
        if difference.family:
            yield _name(difference)
    counts_without_family = Counter((d.site, d.table, d.state) for d in differences if not d.family)
    for (site, table, state), count in sorted(counts_without_family.items()):
        yield f"{site}: {table}, {count:,} items of no one family {_STATES[state]}"


def _name(difference: RestoreDifference) -> str:
    """Name a difference without any personal data but the site and the identifier."""
    names = (
        "" if difference.table == DOCUMENTS or difference.state == "missing" else f" ({', '.join(difference.fields)})"
    )
    return f"{difference.site} {difference.family or '-'}: {difference.table} {_STATES[difference.state]}{names}"
