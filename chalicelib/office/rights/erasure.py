"""The right to erasure (RGPD, article 17): no trace in any table; begun again after a fault, it ends what is left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.enrolment.seasons import seasons_kept
from chalicelib.domain.refusals import Overtaken
from chalicelib.office.account import account_called, pseudonym
from chalicelib.office.billing.pdfs import folder_of as invoice_folder
from chalicelib.office.refused import Refused
from chalicelib.office.rights.access import Held, held, mentions, upload_folders
from chalicelib.services import Services

Step = Callable[[], None]


@dataclass(frozen=True)
class Pace:
    """What happens meanwhile: `settle` waits for the end of the requests that were under way; `advance` shows a bar."""

    settle: Step
    advance: Step = lambda: None


def preview(services: Services, typed: str, site: str | None, now: datetime) -> Held:
    """Show what an erasure would take. Raises `Refused`."""
    return held(services, account_called(services, typed, site), now)


def erase(services: Services, account: Account, erasure: Erasure, settle: Step) -> Erasure:
    """Erase one account, and note it without a word on whose. Raises `Refused`."""
    return erase_all(services, (account.ref,), erasure, lambda _: True, Pace(settle))


def erase_all(
    services: Services,
    refs: tuple[AccountRef, ...],
    erasure: Erasure,
    is_due: Callable[[Account], bool],
    pace: Pace,
) -> Erasure:
    """Erase accounts, but those not due any more; `pace.advance` is called twice for each. Raises `Refused`.

    The erasure is noted first. Then the accounts are closed, so that no login brings anything back; what a family was
    saving at that moment ends; what belongs to them goes; they themselves go last: whatever fails, they are still
    there to begin again with.
    """
    services.acts.note_erasure(erasure)
    closed = tuple(_close(services, refs, is_due, pace.advance))
    _forget_in_notices(services, frozenset(closed))
    _forget_sessions(services, frozenset(closed))
    if closed:
        pace.settle()
    for ref in closed:
        _erase(services, ref, erasure.at)
        pace.advance()
    done = erasure.done(closed)
    services.acts.note_erasure(done)
    return done


def _close(
    services: Services, refs: tuple[AccountRef, ...], is_due: Callable[[Account], bool], advance: Step
) -> Iterator[AccountRef]:
    for ref in refs:
        account = services.accounts.find(ref)
        if account and is_due(account):
            services.accounts.revise(ref, _closed, account)
            yield ref
        advance()


def _closed(account: Account) -> Account:
    return account if account.disabled else account.switched(disabled=True)


def _forget_in_notices(services: Services, refs: frozenset[AccountRef]) -> None:
    """Take the accounts out of the notices of those whose mails listed them."""
    for account in services.accounts.all():
        if account.ref not in refs and mentions(account, refs):
            services.accounts.revise(account.ref, lambda found: _without(found, refs), account)


def _without(account: Account, refs: frozenset[AccountRef]) -> Account:
    notices = (
        replace(notice, companions=tuple(each for each in notice.companions if AccountRef(*each) not in refs))
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
    for folder in (invoice_folder(services, ref), *upload_folders(services, ref)):
        services.documents.delete_under(folder)
    services.acts.forget(ref.site, pseudonym(services, ref))
    if account is None:
        return
    if not account.disabled:
        raise Refused("erasure_overtaken", typed=ref.identifier)
    try:
        services.accounts.erase(account)
    except Overtaken:
        raise Refused("erasure_overtaken", typed=ref.identifier) from None
