"""The job of a merge: moves all that an erasure would delete from the account that stops to the one that stays.

Each item moves by one transaction, and leaves its former key: a turn that was cut goes on where it
stopped. Before the first move nothing is changed, and both accounts can be given back.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import ALIAS, GUARDIAN, Account, AccountRef
from chalicelib.domain.account.aliases import alias_refs
from chalicelib.domain.account.logins import candidates
from chalicelib.domain.account.mergers import Merger
from chalicelib.domain.family.corrections import Actor, new_decision
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.database import Delete, Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.infra.dynamo.summary import SUMMARY
from chalicelib.infra.dynamo.swap import Swap
from chalicelib.infra.dynamo.values import Item
from chalicelib.mail.account_jobs import DatumCorrected
from chalicelib.mail.outbox import MAILED_AFTER
from chalicelib.office.account import pseudonym
from chalicelib.office.declarations import Erased
from chalicelib.office.jobs.job_run import JobOutcome, JobRun
from chalicelib.office.jobs.merge import imports_at_work, job_name
from chalicelib.office.parts import DeclaredData
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import family_deletions, login_deletions, without_mention
from chalicelib.office.rights.subject_access import mentioning, rights_parts, upload_folders
from chalicelib.office.roster.survey import FilePart
from chalicelib.services.mails import jobs_to_each
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.wings import parts, with_data

_LONGEST_REQUEST: Final = timedelta(seconds=30)  # of a family: the limit of its function
# What precedes an account's identifier in keys of an erasure's parts. Others begin with it, or have its pseudonym.
_BEFORE: Final[dict[Erased, str]] = {"enrolments": "[^#]*#", "lessons": "[a-z]+\t"}
_OF_THE_ONE_THAT_STAYS: Final = frozenset({"provided", "receipt_marks"})  # of two, as what they list is equal enough


class Move:
    """The move of all items of an account to another one's key."""

    def __init__(self, services: Services, run: JobRun, stays: AccountRef, stops: AccountRef) -> None:
        self._services = services
        self._run = run
        self._stays = stays
        self._stops = stops
        self._pseudonyms = pseudonym(services, stops), pseudonym(services, stays)

    def named(self, value: Any) -> Any:  # noqa: ANN401 - any value
        """Replace the pseudonym, which is like no other text."""
        if isinstance(value, str):
            return value.replace(*self._pseudonyms)
        if isinstance(value, dict):
            return {self.named(name): self.named(part) for name, part in value.items()}
        return [self.named(part) for part in value] if isinstance(value, list) else value

    def check(self) -> None:
        """Refuse two items that have different answers, marks or texts of one pupil. Raises `OfficeRefusal`."""
        for part, deletion in self._deletions():
            self._swaps(part, deletion)

    def items(self) -> None:
        """Move the items that are left. Raises `Unavailable`."""
        for part, deletion in self._deletions():
            for _ in range(RACES):
                with suppress(WriteConflict):
                    if swaps := self._swaps(part, deletion):
                        self._services.database.swap(*swaps)
                    break
            else:
                raise Unavailable("an item keeps changing")

    def copy_files(self) -> None:
        """Copy the files of all folders, oldest first, before an item names them."""
        files = (file for folder in self._folders() for file in self._services.documents.files(folder))
        for file in sorted(files, key=lambda one: one.at):
            self._services.documents.copy(file, self.named(file.key))

    def delete_files(self) -> None:
        """Delete the files that were copied."""
        documents = self._services.documents
        documents.delete(tuple(key for folder in self._folders() for key in documents.keys(folder)))

    def _folders(self) -> Iterator[str]:
        yield from upload_folders(self._services, self._stops)
        yield from (part.folder(self._services, self._stops) for part in rights_parts(self._services) if part.folder)

    def _deletions(self) -> Iterator[tuple[Erased, Delete]]:
        services, ref = self._services, self._stops
        of_family = family_deletions(services, ref, self._run.now)
        for part, deletions in (*of_family.items(), ("trail", login_deletions(services, ref)["trail"])):
            yield from ((part, deletion) for deletion in deletions if deletion.table)

    def _swaps(self, part: Erased, deletion: Delete) -> list[Swap]:
        """Read an item and the one at its new key. Nothing is left to do if it is not there, or names nothing."""
        table, key, (old, new) = deletion.table, deletion.key, (self._stops.identifier, self._stays.identifier)
        pattern = rf"\A({_BEFORE.get(part, '')}){re.escape(old)}(?![^\t])"
        name = re.sub(pattern, lambda match: f"{match[1]}{new}", self.named(key["identifier"]))
        new_key = {**key, "identifier": name}
        lookups = [Lookup[Item | None](table, one, lambda item: item) for one in (key, new_key)]
        item, rival = self._services.database.read_together(*lookups)
        if item is None:
            return []
        after: Item = {**self.named(item), **new_key}
        if part == "lessons" and (owner := item.get("of")):  # of a calendar's link
            after = {**after, "of": [owner[0], new, *owner[2:]]}
        if item == after:
            return []
        if key == new_key:
            return [Swap(table, key, item, after)]
        after = self._in_order(part, deletion, _joined(after, rival)) if rival else after
        return [Swap(table, key, item, None), Swap(table, new_key, rival, after)]

    def _in_order(self, part: Erased, deletion: Delete, item: Item) -> Item:
        """Put a joined item in the order that its wing declares, with all that is computed from it."""
        if part == "enrolments":
            enrolments = self._services.enrolments
            return {**item, SUMMARY: enrolments.encode(enrolments.parse(item)).get(SUMMARY)}
        for wing in rights_parts(self._services):
            store = self._services.store(wing.store)
            if wing.join and deletion == store.delete(self._stops):
                return {**item, **store.encode(wing.join(store.parse(item)))}
        return item


def _joined(item: Item, staying: Item) -> Item:
    """Join two items of one kind: collections have the parts of both, all else is of the account that stays.

    Raises `OfficeRefusal` if both have a part of one name, and it differs.
    """
    after = {**item, **staying}
    if "household" in item and "household_saved" not in staying:  # nothing was answered there yet
        after["household"] = item["household"]
    for name in item.keys() & staying.keys():
        old, new = item[name], staying[name]
        is_checked = name not in _OF_THE_ONE_THAT_STAYS
        if isinstance(old, dict) and all(isinstance(part, dict) for part in (*old.values(), *new.values())):
            if is_checked and any(old[key] != new[key] for key in old.keys() & new.keys()):
                raise OfficeRefusal("merge_differs")
            after[name] = {**old, **new}
        elif isinstance(old, list):
            by_name = {_name_of(part): part for part in old}
            if is_checked and any(by_name.get(_name_of(part), part) != part for part in new):
                raise OfficeRefusal("merge_differs")
            after[name] = list((by_name | {_name_of(part): part for part in new}).values())
    return after | {name: secrets.token_hex(8) for name in ("stamp", "version") if name in after}


def _name_of(part: Any) -> Any:  # noqa: ANN401 - of a list
    """Name a part of a list: an invoice by its number, a document by its code and owner."""
    names = [part.get(name) for name in ("number", "code", "owner")] if isinstance(part, dict) else []
    return tuple(names) if any(names) else repr(part)


def work_on_merge(run: JobRun, wings: Iterable[FilePart] = ()) -> JobOutcome | None:
    """Merge the two accounts that are marked for this job. Raises `OfficeRefusal` if they must stay two."""
    services, (site,) = run.services, run.job.subject["sites"]
    merger = _merger(run, site)
    if merger is None:
        return JobOutcome("done", {})
    if not run.job.cursor:
        run.save({"marked": 1}, 0, 0)
        run.rest = _LONGEST_REQUEST  # the answers that were being written
        return None
    stays, stops = merger.stays, merger.stops
    move = Move(services, run, stays.ref, stops.ref)
    if run.job.cursor == {"marked": 1}:
        _check(services, merger, move)
        run.save({"moves": 1}, 0, 0)
    move.copy_files()
    move.items()
    if stops.role != ALIAS:
        _complete(run, merger)
    return _follow(run, merger, move, wings)


def _merger(run: JobRun, site: str) -> Merger | None:
    """Find the accounts of the job among those of its site."""
    accounts = run.services.accounts
    for entry in accounts.entries(site):
        if entry.merging_from and job_name(run.services, entry.ref, entry.merging_from) == run.job.id:
            stays, stops = accounts.find_all(entry.ref, AccountRef(site, entry.merging_from))
            return Merger(stays, stops) if stays and stops else None
    return None


def _check(services: Services, merger: Merger, move: Move) -> None:
    """Release both accounts, unmoved, if they are not simple to merge. Raises `OfficeRefusal`."""
    code = merger.obstacle or ("" if merger.is_begun else "merge_moved")
    with suppress(OfficeRefusal):
        if not code:
            move.check()
            return
    for account in (merger.stops, merger.stays):  # in this order, so that the job finds the second again
        services.accounts.revise(account.ref, _unmarked, account)
    raise OfficeRefusal(code or "merge_differs")


def _unmarked(account: Account) -> Account:
    return replace(account, merging_into="", merging_from="")


def _complete(run: JobRun, merger: Merger) -> None:
    """Give the people to the account that stays, and its further identifiers, in one transaction, announced by mail."""
    services, by = run.services, Actor("office", run.job.asked_by)
    stops = merger.stops
    for _ in range(RACES):
        decision, request = new_decision(), f"desk-{secrets.token_hex(8)}"
        after = merger.complete(by, run.now, decision)
        services.accounts.enter_mailboxes(after.stays, merger.stays)
        job = partial(DatumCorrected, action="merged", owner="", decision=decision)
        services.post_box.post(*jobs_to_each(services, after.stays, job, request, run.now), delay=MAILED_AFTER)
        aliases = filter(None, services.accounts.find_all(*refs) if (refs := alias_refs(stops)) else ())
        moves = [
            (alias, replace(alias, family=merger.stays.ref.identifier))
            for alias in aliases
            if alias.role == ALIAS and alias.family == stops.ref.identifier
        ]
        pairs = [(merger.stays, after.stays), (stops, after.stops), *moves]
        with suppress(WriteConflict):
            services.database.swap(*(services.accounts.swap(*pair) for pair in pairs))
            return
        merger = _merger(run, stops.ref.site) or merger
        stops = merger.stops
    raise Unavailable("the accounts keep changing")


def _follow(run: JobRun, merger: Merger, move: Move, wings: Iterable[FilePart]) -> JobOutcome | None:
    """Move the items written in the meantime, end the former account's sessions, and take the mark away."""
    services, stays, ref = run.services, merger.stays.ref, merger.stops.ref
    move.items()
    account = services.accounts.find(stays) or merger.stays
    for data in parts(DeclaredData, with_data(services.settings.wing_tables)):
        data.rename(services, account, ref, run.now)
    for wing in wings:
        wing.follow(services, (stays.site,), run.clock())
    move.delete_files()
    for mention in mentioning(services, ref, merger.stops, services.mailboxes.deletions(ref)):
        services.accounts.revise(mention.ref, partial(without_mention, ref=ref), mention)
    services.database.write_all((*services.mailboxes.deletions(ref), *login_deletions(services, ref)["sessions"]))
    services.staff.sessions.forget_opened(ref.site, ref.identifier)
    for login in services.accounts.find_all(*candidates(ref)):
        if login and login.role == GUARDIAN and login.family == ref.identifier:
            services.accounts.erase(login)
    if imports_at_work(services):  # it may still write under the former identifier
        run.rest = _LONGEST_REQUEST
        return None
    services.accounts.revise(stays, _unmarked)
    return JobOutcome("done", {})
