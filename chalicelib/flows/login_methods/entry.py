"""Open an account without its password: find the logins of a passkey or a person, and open a session."""

from dataclasses import replace

from chalicelib.domain.account.accounts import CANARY, Account, AccountRef
from chalicelib.domain.account.logins import family_ref, opens, presumed_family
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.account.sessions import OpenedBy, Session, Token
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import SlowedDown
from chalicelib.flows.login_methods.changes import MethodsAuthor, MethodsChange
from chalicelib.services.family import Services, Visit
from chalicelib.stores.attempts import AttemptTimes


def logins_of(services: Services, name: str) -> tuple[Account, ...]:
    """Find the open logins listed under a passkey's name or a person's subject: two round trips.

    The caller checks that each still has the passkey or link. The order is that of the network's sites.
    """
    refs = services.mailboxes.find(name).refs
    order = [site.code for site in services.settings.network.sites]
    logins = open_logins(services, *(ref for ref in refs if ref.site in order))
    return tuple(sorted(logins, key=lambda login: (order.index(login.ref.site), login.ref.identifier)))


def open_logins(services: Services, *refs: AccountRef) -> tuple[Account, ...]:
    """Read those of some logins that are enabled and that their families still open: one round trip, or none."""
    families = [family for family in map(presumed_family, refs) if family]
    lookups = map(services.accounts.lookup, dict.fromkeys((*refs, *families)))
    accounts = (
        {account.ref: account for account in services.database.read_together(*lookups) if account} if refs else {}
    )
    logins = (accounts[ref] for ref in dict.fromkeys(refs) if ref in accounts)
    usable = (login for login in logins if not login.disabled and login.role != CANARY)  # that has its password only
    return tuple(login for login in usable if opens(accounts.get(family_ref(login)), login))


def read_failures(visit: Visit[Services]) -> AttemptTimes:
    """Read the failed logins of a client address, among which a refused code or passkey counts. Raises `SlowedDown`."""
    (failures,) = visit.services.database.read_together(
        visit.services.attempts.lookup(AttemptTimes.from_address(visit.client.address))
    )
    if until := LOGIN_OF_ADDRESS.waits_until(failures.times, visit.now):
        visit.record("login_slowed", address=visit.client.address)
        raise SlowedDown(until)
    return failures


def open_account(  # noqa: PLR0913 - the account before and after, and the session's facts
    visit: Visit[Services], before: Account, after: Account, opened_by: OpenedBy, *, logout: str = "", proof: str = ""
) -> Token:
    """Open a session of a login, with the change of its login methods if any, and close the browser's former one.

    Three round trips. Raises `WriteConflict` if the account changed concurrently: nothing but a session without a
    cookie is then left, which no browser has.
    """
    services = visit.services
    name = before.name if before.family else ""
    change = MethodsChange(visit, MethodsAuthor(Actor("family", name), opened_by))
    after = change.record(before, after.with_login(visit.now))
    change.notify(before, after)
    token = Token.new(after.ref.site)
    session = Session.open(token, after, visit.now, by=opened_by, previous_login=before.last_login)
    session = replace(session, browser=visit.client.browser, logout=logout, proof=proof)
    old = (services.sessions.delete(visit.token),) if visit.token else ()
    services.database.write_together(services.sessions.put(session), *old)
    services.accounts.change(before, after)
    change.report(after)
    visit.record("login_ok", account=after.ref, address=visit.client.address, way=opened_by)
    return token
