"""The right to erasure (RGPD, article 17): no trace stays in any table but a tombstone.

A rerun completes it after a fault.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from itertools import chain
from typing import Any, Final

from chalicelib.domain.account.accounts import ALIAS, GUARDIAN, Account, AccountRef
from chalicelib.domain.account.aliases import alias_refs
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.account.logins import candidates
from chalicelib.domain.enrolment.opinions import seasons_of_opinions
from chalicelib.domain.enrolment.periods import PARIS, seasons_kept
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.roster.merge import is_other_family
from chalicelib.infra.dynamo.database import Delete
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import add_tombstones, find_account, trail_deletions
from chalicelib.office.declarations import Erased
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.subject_access import (
    PersonalData,
    mentioning,
    personal_data,
    rights_parts,
    upload_folders,
)
from chalicelib.office.roster.identifier_mails import jobs_to_former
from chalicelib.office.roster.import_families import FormerFamilies
from chalicelib.services.office import OfficeServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.office.rights import applications_of, withdraw_and_forget
from chalicelib.wings.teaching.domain.courses import FamilyCourse
from chalicelib.wings.teaching.office.rights import (
    courses_of_family,
    forget_in_rolls,
    forget_in_timetables,
    has_lessons,
    lesson_deletions,
)

Hook = Callable[[], None]


@frozen
class ErasureHooks:
    """Hooks of an erasure. `wait_for_requests` waits for pending requests to end, `advance` shows a bar."""

    wait_for_requests: Hook
    advance: Hook = lambda: None


def preview(services: Services, text: str, site: str | None, now: datetime) -> PersonalData:
    """Read the data that an erasure would delete. Raises `OfficeRefusal`."""
    return personal_data(services, find_account(services, text, site), now)


def erase(services: Services, account: Account, erasure: Erasure, wait_for_requests: Hook) -> Erasure:
    """Erase one account, audited without naming its family. Raises `OfficeRefusal`.

    Its addresses' applications are erased first if the family asks. For a duplicate or a mistake, they stay with their
    owner.
    """
    if account.is_merging:
        raise OfficeRefusal("merge_at_work")
    if erasure.reason == "asked":
        for application in applications_of(services, account, erasure.at):
            withdraw_and_forget(services, application, erasure.at)
    return erase_all(services, (account.ref,), erasure, lambda _: True, ErasureHooks(wait_for_requests))


def erase_all(
    services: Services,
    refs: tuple[AccountRef, ...],
    erasure: Erasure,
    is_due: Callable[[Account], bool],
    hooks: ErasureHooks,
) -> Erasure:
    """Erase accounts, except those no longer due. `hooks.advance` is called twice for each. Raises `OfficeRefusal`.

    The erasure is audited first. Then the accounts are closed, have tombstones, and leave the timetables, so that
    neither a login nor a teacher restores any data. Pending requests end, then the accounts' data is deleted. The
    accounts are deleted last, so that after a fault it can be run again.
    """
    services.audit_trail.add_erasure(erasure)
    logins_of = close_all(services, refs, is_due, hooks.advance)
    add_tombstones(services, logins_of, erasure.at)
    for ref in logins_of:
        forget_in_timetables(services, ref, courses_of_family(services, ref))
    if logins_of:
        hooks.wait_for_requests()
    courses_of = {ref: courses_of_family(services, ref) for ref in logins_of}
    forget_in_rolls(services, courses_of)
    for ref, logins in logins_of.items():
        forget_in_timetables(services, ref, courses_of[ref])
        for login in logins:
            _erase_login(services, login)
        _erase_family(services, ref, courses_of[ref], erasure.at)
        hooks.advance()
    record = erasure.with_erased(logins_of)
    services.audit_trail.add_erasure(record)
    return record


def close_all(
    services: Services, refs: Iterable[AccountRef], is_due: Callable[[Account], bool], advance: Hook = lambda: None
) -> dict[AccountRef, tuple[AccountRef, ...]]:
    """Close the due accounts and their guardians' own logins: no session opens them any longer."""
    families = tuple(_close(services, refs, is_due, advance))
    return {account.ref: tuple(_close_logins(services, account)) for account in families}


def _close(
    services: Services, refs: Iterable[AccountRef], is_due: Callable[[Account], bool], advance: Hook
) -> Iterator[Account]:
    for ref in refs:
        account = services.accounts.find(ref)
        if account and is_due(account) and not account.is_merging:
            _, after = services.accounts.revise(ref, _disabled_account, account) or (account, account)
            yield after
        advance()


def _close_logins(services: Services, family: Account) -> Iterator[AccountRef]:
    """Close the guardians' own logins of a family, including those begun without a name, and its aliases."""
    for login in services.accounts.find_all(*candidates(family.ref), *alias_refs(family)):
        if login and login.role in {GUARDIAN, ALIAS} and login.family == family.ref.identifier:
            services.accounts.revise(login.ref, _disabled_account, login)
            yield login.ref


def _disabled_account(account: Account) -> Account:
    return account if account.disabled else account.with_disabled(is_disabled=True)


def _erase_login(services: Services, ref: AccountRef) -> None:
    """Erase a guardian's own login: the data under its identifier, except the family's."""
    account = services.accounts.find(ref)
    deletions = chain.from_iterable(login_deletions(services, ref).values())
    services.database.write_all((*services.mailboxes.deletions(ref), *deletions))
    _erase_account(services, account)


def _erase_family(services: Services, ref: AccountRef, courses: Iterable[FamilyCourse], now: datetime) -> None:
    """Erase a family's account and all its own data."""
    account, addresses = services.accounts.find(ref), services.mailboxes.deletions(ref)
    for mention in mentioning(services, ref, account, addresses):
        services.accounts.revise(mention.ref, partial(without_mention, ref=ref), mention)
    services.database.write_all((*addresses, *chain.from_iterable(login_deletions(services, ref).values())))
    stores_kept = {part.store for part in rights_parts(services) if part.keep and part.keep(services, ref)}
    deletions = family_deletions(services, ref, now, courses, stores_kept)
    services.database.write_all(chain.from_iterable(deletions.values()))
    of_wings = (part.folder(services, ref) for part in rights_parts(services) if part.folder)
    folders = (*of_wings, *upload_folders(services, ref))
    services.documents.delete(tuple(key for folder in folders for key in services.documents.keys(folder)))
    services.staff.sessions.forget_opened(ref.site, ref.identifier)
    _erase_account(services, account)


def family_deletions(
    services: Services,
    ref: AccountRef,
    now: datetime,
    courses: Iterable[FamilyCourse] | None = None,
    stores_kept: Collection[type[Any]] = (),
) -> dict[Erased, Iterable[Delete]]:
    """Delete a family's data, by the part of the erasure that each attribute declares (`attributes.py`).

    `stores_kept`: those of wings whose data the law keeps, without names.
    """
    return {
        "enrolments": services.enrolments.forget(ref, seasons_kept(now)),
        "wings": [
            services.store(part.store).delete(ref) for part in rights_parts(services) if part.store not in stores_kept
        ],
        "opinions": services.teaching.opinions.forget(ref, seasons_of_opinions(now)) if has_lessons(services) else (),
        "lessons": lesson_deletions(services, ref, courses),
    }


def login_deletions(services: Services, ref: AccountRef) -> dict[Erased, Iterable[Delete]]:
    """Delete the data under an account's own identifier likewise: its sessions, the tries at it, its trail."""
    return {
        "sessions": chain(services.sessions.deletions(ref), services.attempts.deletions(ref)),
        "trail": chain(trail_deletions(services, ref), (services.staff.turns.delete(ref.site, ref.identifier),)),
    }


def without_mention(account: Account, ref: AccountRef) -> Account:
    """Remove an account from the notices of another one, whose mails listed it."""
    notices = (
        replace(notice, companions=tuple(other for other in notice.companions if AccountRef(*other) != ref))
        for notice in account.notices
    )
    return replace(account, notices=tuple(notices))


def _erase_account(services: Services, account: Account | None) -> None:
    """Delete a closed account, after all data that refers to it. Raises `OfficeRefusal` if it was opened again."""
    if account is None:
        return
    with suppress(WriteConflict):
        if account.disabled:
            services.accounts.erase(account)
            return
    services.accounts.enter_mailboxes(account)  # it stays, so it must still be found
    raise OfficeRefusal("erasure_overtaken", typed=account.ref.identifier)


def due(services: Services, before: date, now: datetime) -> Iterator[Account]:
    """List the accounts gone from the file before a day, without a login since. Raises `OfficeRefusal`."""
    limit = datetime.combine(before, time(), PARIS)
    if limit > now:
        raise OfficeRefusal("purge_in_future")
    return (account for account in services.accounts.all() if _is_due(account, limit))


def purge(services: Services, accounts: tuple[Account, ...], by: str, now: datetime, hooks: ErasureHooks) -> Erasure:
    """Erase these accounts, except those that came back or logged in since they were listed. Raises `OfficeRefusal`."""
    by_ref = {account.ref: account for account in accounts}
    erasure = Erasure.of(by_ref, by, "purged", now)
    return erase_all(services, tuple(by_ref), erasure, lambda found: _is_unchanged(by_ref[found.ref], found), hooks)


def _is_unchanged(before: Account, account: Account) -> bool:
    return (account.gone_at, account.last_login) == (before.gone_at, before.last_login)


def _is_due(account: Account, limit: datetime) -> bool:
    login = account.last_login or limit.min.replace(tzinfo=limit.tzinfo)
    return account.gone_at is not None and max(account.gone_at, login) < limit


_WHO: Final = "Fichier annuel (identifiants repris)"  # in the list of erasures


def close_former(services: Services, families: FormerFamilies, now: datetime) -> None:
    """Mail the former families, and close their accounts: no login and no page opens."""
    request = f"import-{secrets.token_hex(8)}"
    accounts = [
        account for account in services.accounts.find_all(*families) if account and _is_former(families, account)
    ]
    jobs = (job for account in accounts for job in jobs_to_former(services, account, request, now))
    Outbox(services.post_box).post(*jobs)
    close_all(services, families, lambda account: _is_former(families, account))


def erase_former(services: Services, families: FormerFamilies, now: datetime, wait_for_requests: Hook) -> None:
    """Erase the closed former families, except those that the file now lists."""
    refs = tuple(families)
    hooks = ErasureHooks(wait_for_requests)
    erasure = Erasure.of(refs, _WHO, "purged", now)
    erase_all(services, refs, erasure, lambda account: _is_former(families, account), hooks)


def _is_former(families: FormerFamilies, account: Account) -> bool:
    return is_other_family(families[account.ref], account)
