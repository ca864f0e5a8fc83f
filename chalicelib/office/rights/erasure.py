"""The right to erasure (RGPD, article 17): no trace in any table; begun again after a fault, it ends what is left."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import chain

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.account.logins import candidates
from chalicelib.domain.enrolment.seasons import seasons_kept
from chalicelib.domain.refusals import WriteConflict
from chalicelib.office.account import find_account, pseudonym
from chalicelib.office.billing.pdfs import folder_of as invoice_folder
from chalicelib.office.consultations import forget_consultations
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.lessons import forget_in_rolls, forget_lessons
from chalicelib.office.rights.requests import requests_of, withdraw_and_forget
from chalicelib.office.rights.subject_access import PersonalData, mentions, personal_data, upload_folders
from chalicelib.office.teaching.timetables import forget as forget_in_timetables
from chalicelib.services import Services
from chalicelib.teaching_services import teaching_stores
from chalicelib.values import frozen

Hook = Callable[[], None]


@frozen
class ErasureHooks:
    """What happens meanwhile: `settle` waits for the end of the requests that were under way; `advance` shows a bar."""

    wait_for_requests: Hook
    advance: Hook = lambda: None


def preview(services: Services, typed: str, site: str | None, now: datetime) -> PersonalData:
    """Read what an erasure would take. Raises `OfficeRefusal`."""
    return personal_data(services, find_account(services, typed, site), now)


def erase(services: Services, account: Account, erasure: Erasure, wait_for_requests: Hook) -> Erasure:
    """Erase one account, and note it without a word on whose. Raises `OfficeRefusal`.

    The requests of its addresses go first where the family asks; a duplicate or a mistake leaves them to whom they are
    of.
    """
    if erasure.reason == "asked":
        for application in requests_of(services, account, erasure.at):
            withdraw_and_forget(services, application, erasure.at)
    return erase_all(services, (account.ref,), erasure, lambda _: True, ErasureHooks(wait_for_requests))


def erase_all(
    services: Services,
    refs: tuple[AccountRef, ...],
    erasure: Erasure,
    is_due: Callable[[Account], bool],
    hooks: ErasureHooks,
) -> Erasure:
    """Erase accounts, but those not due any more; `pace.advance` is called twice for each. Raises `OfficeRefusal`.

    The erasure is noted first. Then the accounts are closed and leave the timetables, so that neither a login nor a
    teacher brings anything back; what somebody was saving at that moment ends; what belongs to them goes; they
    themselves go last: whatever fails, they are still there to begin again with.
    """
    services.audit_trail.add_erasure(erasure)
    logins = close_all(services, refs, is_due, hooks.advance)
    closed = tuple(logins)
    _forget_in_notices(services, frozenset(closed))
    for ref in closed:
        forget_in_timetables(services, ref)
    if closed:
        hooks.wait_for_requests()
    services.mailboxes.forget({*closed, *chain.from_iterable(logins.values())})
    forget_in_rolls(services, closed)
    for ref in closed:
        forget_in_timetables(services, ref)
        for login in (*logins[ref], ref):
            _erase(services, login, erasure.at)
        hooks.advance()
    done = erasure.with_erased(closed)
    services.audit_trail.add_erasure(done)
    return done


def close_all(
    services: Services, refs: Iterable[AccountRef], is_due: Callable[[Account], bool], advance: Hook = lambda: None
) -> dict[AccountRef, tuple[AccountRef, ...]]:
    """Close the accounts that are due, with the guardians' own logins of each, and end their sessions."""
    closed = tuple(_close(services, refs, is_due, advance))
    logins = {ref: tuple(_close_logins(services, ref)) for ref in closed}
    _forget_sessions(services, frozenset(closed).union(*logins.values()))
    return logins


def _close(
    services: Services, refs: Iterable[AccountRef], is_due: Callable[[Account], bool], advance: Hook
) -> Iterator[AccountRef]:
    for ref in refs:
        account = services.accounts.find(ref)
        if account and is_due(account):
            services.accounts.revise(ref, _disabled_account, account)
            yield ref
        advance()


def _close_logins(services: Services, family: AccountRef) -> Iterator[AccountRef]:
    """Close the guardians' own logins of a family, those too that were begun and never named."""
    for login in services.accounts.find_all(*candidates(family)):
        if login and login.role == GUARDIAN and login.family == family.identifier:
            services.accounts.revise(login.ref, _disabled_account, login)
            yield login.ref


def _disabled_account(account: Account) -> Account:
    return account if account.disabled else account.with_disabled(disabled=True)


def _forget_in_notices(services: Services, refs: frozenset[AccountRef]) -> None:
    """Take the accounts out of the notices of those whose mails listed them."""
    for account in services.accounts.all():
        if account.ref not in refs and mentions(account, refs):
            services.accounts.revise(account.ref, lambda found: _without(found, refs), account)


def _without(account: Account, refs: frozenset[AccountRef]) -> Account:
    notices = (
        replace(notice, companions=tuple(ref for ref in notice.companions if AccountRef(*ref) not in refs))
        for notice in account.notices
    )
    return replace(account, notices=tuple(notices))


def _forget_sessions(services: Services, refs: frozenset[AccountRef]) -> None:
    for site in sorted({ref.site for ref in refs}):
        for session in services.sessions.all(site):
            if session.account in refs:
                services.database.write_together(services.sessions.close(session))


def _erase(services: Services, ref: AccountRef, now: datetime) -> None:
    account = services.accounts.find(ref)
    for tries in services.attempts.at(ref):
        services.database.write_together(services.attempts.clear(tries))
    enrolments = services.enrolments.forget(ref, seasons_kept(now))
    services.database.write_together(services.billing.forget(ref), *enrolments)
    for opinion in teaching_stores(services).opinions.forget(ref, seasons_kept(now)):
        services.database.write_together(opinion)
    for folder in (invoice_folder(services, ref), *upload_folders(services, ref)):
        services.documents.delete_under(folder)
    services.audit_trail.forget(ref.site, pseudonym(services, ref))
    forget_consultations(services, ref)
    forget_lessons(services, ref)
    if account is None:
        return
    with suppress(WriteConflict):
        if account.disabled:
            services.accounts.erase(account)
            return
    services.accounts.enter_mailboxes(account)  # it stays, and is to be found
    raise OfficeRefusal("erasure_overtaken", typed=ref.identifier)
