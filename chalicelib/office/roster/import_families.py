"""The yearly file carried out after its survey, or only played: what is new, changed, moved or gone, family by family.

It may be killed at any moment and run again: what is done is found done, and nothing is written twice.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final, Literal, TypeVar

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import traced
from chalicelib.domain.family.corrections import FILE
from chalicelib.domain.refusals import Overtaken, Unavailable
from chalicelib.domain.roster.listed_families import Difference, ListedFamily, decide, gone, is_same_family, new_account
from chalicelib.domain.roster.merging import families
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.office.roster.survey import How, Survey, readings
from chalicelib.services import Services

Kind = Literal["new", "changed", "unchanged", "moved", "gone", "kept"]
A = TypeVar("A")

_AT_ONCE: Final = 100  # what BatchGetItem takes
_THREADS: Final = 8  # botocore keeps ten connections


@dataclass(frozen=True)
class Finding:
    """One family compared with its account. « Kept »: corrected here since, the file still says something else."""

    kind: Kind
    ref: AccountRef
    written: str
    name: str
    line: int | None = None
    differences: tuple[Difference, ...] = ()
    moved_from: AccountRef | None = None
    gone_at: datetime | None = None


Tell = Callable[[Finding | Anomaly], None]


@dataclass(frozen=True)
class Import:
    """What one run works with."""

    services: Services
    surveyed: Survey
    how: How
    now: datetime


def carry_out(run: Import, file: YearlyFile, tell: Tell) -> None:
    """Compare each family with its account, and write if that is asked for; then those gone. Raises `Unavailable`."""
    moved: set[AccountRef] = set()
    read = readings(run.services.settings.network, file, run.now)
    with ThreadPoolExecutor(_THREADS) as pool:
        listed = families(read, run.surveyed.roll, tell)
        for batch, accounts in _with_accounts(run, pool, listed, lambda family: family.ref):
            for findings in pool.map(partial(_import, run), batch, accounts):
                for found in findings:
                    if isinstance(found, Finding) and found.moved_from:
                        moved.add(found.moved_from)
                    tell(found)
        for _, accounts in _with_accounts(run, pool, run.surveyed.refs_gone, lambda ref: ref):
            for gone_family in pool.map(partial(_note_gone, run), accounts):
                if gone_family and gone_family.ref not in moved:
                    tell(gone_family)


def _with_accounts(
    run: Import, pool: Executor, each: Iterator[A], ref_of: Callable[[A], AccountRef]
) -> Iterator[tuple[list[A], tuple[Account | None, ...]]]:
    """Give batches with their accounts, in order: those of the next batch are asked for while one is worked on."""
    before: tuple[list[A], Future[tuple[Account | None, ...]]] | None = None
    for batch in iter(lambda: list(islice(each, _AT_ONCE)), []):
        ready = (before[0], before[1].result()) if before else None
        lookups = (run.services.accounts.one(ref_of(one)) for one in batch)
        before = batch, pool.submit(run.services.database.read_together, *lookups)
        if ready:
            yield ready
    if before:
        yield before[0], before[1].result()


def _import(run: Import, family: ListedFamily, account: Account | None) -> tuple[Finding | Anomaly, ...]:
    """Bring one account up to the file, deciding anew each time that somebody came first."""
    if account is None:
        with suppress(Overtaken):
            return _create(run, family)
        account = run.services.accounts.find(family.ref)
    if account is None:
        raise Unavailable("the account came and went")
    if account.role != "family":
        return (Anomaly("row_not_a_family", "error", family.line, ("identifier", 1), family.ref),)
    return _change(run, family, account)


def _create(run: Import, family: ListedFamily) -> tuple[Finding, ...]:
    candidates = map(run.services.accounts.find, run.surveyed.gone.get(family.ref.identifier, ()))
    origin = next((each.ref for each in candidates if each and is_same_family(family, each)), None)
    if run.how.apply:
        run.services.accounts.create(new_account(family))
    kind: Kind = "moved" if origin else "new"
    return (Finding(kind, family.ref, family.written, family.name, family.line, moved_from=origin),)


def _change(run: Import, family: ListedFamily, account: Account) -> tuple[Finding, ...]:
    pseudonyms = run.services.record.pseudonyms

    def decided(found: Account) -> Account:
        return traced(found, decide(found, family, pseudonyms).after, FILE, run.now)

    before = _revised(run, account, decided) if run.how.apply else account
    if before is None:
        return _create(run, family)  # it was erased meanwhile
    decision = decide(before, family, pseudonyms)
    of = partial(Finding, ref=family.ref, written=family.written, name=family.name, line=family.line)
    own = of("changed" if decision.changed else "unchanged", differences=decision.changed)
    return (own, of("kept", differences=decision.kept)) if decision.kept else (own,)


def _note_gone(run: Import, account: Account | None) -> Finding | None:
    """Note that a family is gone; None where it was erased meanwhile."""
    if account and run.how.apply and run.surveyed.notes_gone:
        account = _revised(run, account, partial(gone, now=run.now, disable=run.how.disable_gone))
    if account is None:
        return None
    return Finding("gone", account.ref, account.written, account.name, gone_at=account.gone_at)


def _revised(run: Import, account: Account, decided: Callable[[Account], Account]) -> Account | None:
    """Change an account, and give it as it was before; None where it is no more."""
    revised = run.services.accounts.revise(account.ref, decided, account)
    return revised[0] if revised else None
