"""The yearly file: surveyed, then imported family by family. Families are new, changed, moved or gone.

After a crash, it can be run again, and writes nothing twice.
"""

import secrets
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, Literal, TypeVar

from chalicelib.domain.account.accounts import ALIAS, FAMILY, GUARDIAN, Account, AccountRef
from chalicelib.domain.account.aliases import is_alias_of
from chalicelib.domain.account.coordinates import record_corrections, unrestored
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.family.corrections import FILE
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.roster.merge import Loss, is_other_family, loss_of, merge_rows
from chalicelib.domain.roster.row_families import (
    Difference,
    ListedFamily,
    is_same_family,
    mark_gone,
    new_account,
    update_account,
)
from chalicelib.domain.roster.yearly_file import Anomaly, YearlyFile
from chalicelib.infra.batches import batches
from chalicelib.infra.dynamo.revise import Prepare, nothing
from chalicelib.mail.outbox import Outbox
from chalicelib.office.helpdesk.access import MethodsRemoval
from chalicelib.office.roster.identifier_mails import jobs_to_new
from chalicelib.office.roster.survey import ImportOptions, Survey, readings
from chalicelib.services.office import OfficeServices as Services
from chalicelib.values import frozen

Kind = Literal["new", "changed", "unchanged", "moved", "gone", "kept", "reused", "not_restored"]
A = TypeVar("A")

AT_ONCE: Final = 100  # the limit of BatchGetItem
_WHO: Final = frozenset({"name", "guardians", "pupils", "emails"})
THREADS: Final = 8  # botocore keeps ten connections


@frozen
class FamilyChange:
    """One family compared with its account.

    « Kept »: corrected here, while the file still has another value. « Reused »: the account is another family's. « Not
    restored »: an older file gives other values than those stored before the later files.
    """

    kind: Kind
    ref: AccountRef
    display_identifier: str
    name: str
    line: int | None = None
    differences: tuple[Difference, ...] = ()
    moved_from: AccountRef | None = None
    gone_at: datetime | None = None
    loss: Loss = ""


FormerFamilies = Mapping[AccountRef, ListedFamily]  # by former account, the family that now has its identifier
ReportChange = Callable[[FamilyChange | Anomaly], None]


Finding = FamilyChange | Anomaly
BY_SITE: Final = ("new", "changed", "unchanged", "moved", "gone")  # kinds that are counted by site


def kind_of_finding(finding: Finding) -> str:
    """Find the list that a finding is in."""
    return finding.severity if isinstance(finding, Anomaly) else finding.kind


def _none_former(_families: FormerFamilies) -> None:
    """Erase nothing: no family was confirmed to have another one's identifier."""


@frozen
class FamilyImport:
    """The context of one run."""

    services: Services
    survey: Survey
    options: ImportOptions
    now: datetime
    new_families: Container[AccountRef] = ()  # those confirmed to have another family's former identifier
    erase_former: Callable[[FormerFamilies], object] = _none_former  # erases the accounts of those former families


def carry_out(run: FamilyImport, file: YearlyFile, report: ReportChange) -> None:
    """Compare each family with its account, and write if requested. Then note those gone. Raises `Unavailable`."""
    movers: set[AccountRef] = set()
    rows = readings(run.services.settings.network, file, run.now)
    with ThreadPoolExecutor(THREADS) as pool:
        families = merge_rows(rows, run.survey.index, report)
        for batch, accounts in _with_accounts(run, pool, families, lambda family: family.ref):
            for finding in import_batch(run, pool, batch, accounts):
                if isinstance(finding, FamilyChange) and finding.moved_from:
                    movers.add(finding.moved_from)
                report(finding)
        for _, accounts in _with_accounts(run, pool, run.survey.refs_gone, lambda ref: ref):
            for gone_family in note_batch_gone(run, pool, accounts):
                if gone_family.ref not in movers:
                    report(gone_family)


def import_batch(
    run: FamilyImport, pool: Executor, families: Sequence[ListedFamily], accounts: Sequence[Account | None]
) -> Iterator[FamilyChange | Anomaly]:
    """Update the accounts of some families from the file, or only compare them."""
    reuses: dict[AccountRef, FamilyChange] = {}
    if run.options.apply:
        former = former_families(run, families, accounts)
        pairs = zip(families, accounts, strict=True)
        reuses = {
            family.ref: _reused(run, family, account) for family, account in pairs if account and family.ref in former
        }
        if former:
            run.erase_former(former)
            accounts = [account if account and account.ref not in former else None for account in accounts]
        # First, as always: a fault from here on leaves entries of accounts which do not have the address.
        # Unchanged accounts too: an address with a wrong entry keeps it for a year at most.
        pairs = zip(families, accounts, strict=True)
        fresh = (new_account(family) for family, account in pairs if account is None or _is_of(family, account))
        run.services.accounts.enter_all_mailboxes((*filter(None, accounts), *fresh))
    for family, changes in zip(families, pool.map(partial(_import, run), families, accounts), strict=True):
        yield from [reuses[family.ref]] if family.ref in reuses else changes


def former_families(
    run: FamilyImport, families: Sequence[ListedFamily], accounts: Sequence[Account | None]
) -> FormerFamilies:
    """Find the families whose accounts are to be erased, since a confirmed other family has their identifier."""
    pairs = zip(families, accounts, strict=True)
    by_ref = {family.ref: family for family, account in pairs if account and _is_other(run, family, account)}
    return {ref: family for ref, family in by_ref.items() if ref in run.new_families}


def _is_other(run: FamilyImport, family: ListedFamily, account: Account) -> bool:
    """Whether an account is a former family's, which the file does not list under another identifier."""
    is_other = account.role == FAMILY and is_other_family(family, account)
    return is_other and not run.survey.index.lists_elsewhere(account)


def _is_of(family: ListedFamily, account: Account) -> bool:
    """Whether an account is the listed family's, as `_import` sees it."""
    return account.role == FAMILY and not is_other_family(family, account)


def note_batch_gone(run: FamilyImport, pool: Executor, accounts: Sequence[Account | None]) -> Iterator[FamilyChange]:
    """Note that some families are gone, or only list them. Accounts erased concurrently are skipped."""
    yield from filter(None, pool.map(partial(_note_gone, run), accounts))


def _with_accounts(
    run: FamilyImport, pool: Executor, items: Iterator[A], ref_of: Callable[[A], AccountRef]
) -> Iterator[tuple[tuple[A, ...], tuple[Account | None, ...]]]:
    """Read batches with their accounts, in order. The next batch is read ahead."""
    before: tuple[tuple[A, ...], Future[tuple[Account | None, ...]]] | None = None
    for batch in batches(items, AT_ONCE):
        ready = (before[0], before[1].result()) if before else None
        lookups = (run.services.accounts.lookup(ref_of(item)) for item in batch)
        before = batch, pool.submit(run.services.database.read_together, *lookups)
        if ready:
            yield ready
    if before:
        yield before[0], before[1].result()


def _import(run: FamilyImport, family: ListedFamily, account: Account | None) -> tuple[FamilyChange | Anomaly, ...]:
    """Update one account from the file, deciding again after each conflict.

    Only the first decision, on the account read with its batch, finds its addresses already indexed.
    """
    is_as_read = account is not None
    if account is None:
        with suppress(WriteConflict):
            return _create(run, family, is_entered=True)
        account = run.services.accounts.find(family.ref)
    if account is None:
        raise Unavailable("the account came and went")
    if account.role == ALIAS:
        return _import_alias(run, family, account)
    if account.role != FAMILY:
        code = "row_is_a_login" if account.role == GUARDIAN else "row_not_a_family"
        return (Anomaly(code, "error", family.line, ("identifier", 1), family.ref),)
    if is_other_family(family, account) and run.survey.index.lists_elsewhere(account):
        facts = {"name": account.name}
        return (Anomaly("row_identifier_moved", "error", family.line, ("identifier", 1), family.ref, facts),)
    if is_other_family(family, account):
        return (_reused(run, family, account),)
    return _change(run, family, account, is_entered=is_as_read)


def _import_alias(run: FamilyImport, family: ListedFamily, alias: Account) -> tuple[FamilyChange | Anomaly, ...]:
    """Update the account of a family that the file lists by its further identifier, never another family's."""
    account = run.services.accounts.find(family_ref(alias))
    if account is None or not is_alias_of(alias, account):  # it opens nothing any longer: the file gives it anew
        with suppress(WriteConflict):
            if run.options.apply:
                run.services.accounts.erase(alias)
        return _import(run, family, None)
    if is_other_family(family, account):
        facts = {"name": account.name, "identifier": account.ref.identifier}
        return (Anomaly("row_identifier_alias", "error", family.line, ("identifier", 1), family.ref, facts),)
    return _change(run, replace(family, ref=account.ref), account, is_entered=False, row=alias.imported)


def _reused(run: FamilyImport, family: ListedFamily, account: Account) -> FamilyChange:
    """Build the finding of an identifier used by another family, with both families."""
    update = update_account(account, family, run.services.record.pseudonyms)
    differences = tuple(difference for difference in (*update.changed, *update.kept) if difference.what in _WHO)
    return FamilyChange("reused", family.ref, family.display_identifier, family.name, family.line, differences)


def _create(run: FamilyImport, family: ListedFamily, *, is_entered: bool = False) -> tuple[FamilyChange, ...]:
    candidates = map(run.services.accounts.find, run.survey.leavers.get(family.ref.identifier, ()))
    origin = next((former.ref for former in candidates if former and is_same_family(family, former)), None)
    if run.options.apply:
        account = new_account(family)
        if family.ref in run.new_families:
            request = f"import-{secrets.token_hex(8)}"
            Outbox(run.services.post_box).post(*jobs_to_new(run.services, account, request, run.now))
        run.services.accounts.create(account, is_entered=is_entered)
    kind: Kind = "moved" if origin else "new"
    return (FamilyChange(kind, family.ref, family.display_identifier, family.name, family.line, moved_from=origin),)


def _change(
    run: FamilyImport,
    family: ListedFamily,
    account: Account,
    *,
    is_entered: bool,
    row: tuple[tuple[str, str], ...] = (),
) -> tuple[FamilyChange, ...]:
    pseudonyms, removal = run.services.record.pseudonyms, MethodsRemoval(run.services, FILE, run.now)

    def update(current: Account) -> Account:
        after = update_account(current, family, pseudonyms, row).after
        return record_corrections(current, after, FILE, run.now, removal.decision)

    before = _revise(run, account, update, removal.notify, is_entered=is_entered) if run.options.apply else account
    if before is None:
        return _create(run, family)  # it was erased concurrently
    decision = update_account(before, family, pseudonyms, row)
    change = partial(
        FamilyChange, ref=family.ref, display_identifier=family.display_identifier, name=family.name, line=family.line
    )
    kind: Kind = "changed" if decision.changed else "unchanged"
    main = change(kind, differences=decision.changed, loss=loss_of(before, decision.after))
    by_kind: dict[Kind, tuple[Difference, ...]] = {
        "kept": decision.kept, "not_restored": tuple(_not_restored(run, before, decision.after))
    }  # fmt: skip
    return (main, *(change(kind, differences=differing) for kind, differing in by_kind.items() if differing))


def _not_restored(run: FamilyImport, before: Account, after: Account) -> Iterator[Difference]:
    if run.options.returns_from:
        for former, value in unrestored(before, after, run.options.returns_from):
            owner = (former.of,) if former.of else ()
            yield Difference(former.what, (*owner, *former.old), (*owner, *value))


def _note_gone(run: FamilyImport, account: Account | None) -> FamilyChange | None:
    """Note that a family is gone. None if it was erased concurrently."""
    if account and run.options.apply and run.survey.notes_gone:
        account = _revise(run, account, partial(mark_gone, now=run.now, disable=run.options.disable_gone))
    if account is None:
        return None
    return FamilyChange("gone", account.ref, account.display_identifier, account.name, gone_at=account.gone_at)


def _revise(
    run: FamilyImport,
    account: Account,
    update: Callable[[Account], Account],
    notify: Prepare[Account] = nothing,
    *,
    is_entered: bool = False,
) -> Account | None:
    """Change an account, and return it as it was before. None if it no longer exists."""
    accounts = run.services.accounts

    def prepare(before: Account, after: Account) -> None:
        notify(before, after)
        accounts.follow_guardians(before, after)

    pair = accounts.revise(account.ref, update, account, prepare, is_entered=is_entered)
    return pair[0] if pair else None
