"""Log in to the desk, first half: an address and a password open a session that waits for the second factor."""

from dataclasses import field
from datetime import datetime
from typing import Any

from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS, RateLimit
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import SlowedDown
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.refusals import StaffLoginRefused, StaffSlowedDown
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.staff.entry import is_as_listed
from chalicelib.flows.staff.known_browsers import find_browser, is_former, tries_at, tries_from
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Client, Services
from chalicelib.services.staff import staff_stores
from chalicelib.stores.attempts import Tries
from chalicelib.values import frozen


@frozen
class StaffCredentials:
    """What was typed: an address as `email_from` writes it, and a password as `passwords.trim` gives it."""

    email: str = field(repr=False)
    password: str = field(repr=False)


def log_in(
    services: Services, credentials: StaffCredentials, client: Client, now: datetime, former: Token | None = None
) -> Token:
    """Open a session that a code, or a passkey, opens wholly. Raises `StaffLoginRefused` or `SlowedDown`.

    Three round trips (one read, one try counted, one session) and one Argon2 operation, the same for an address that
    nobody has (OWASP ASVS 5.0, 6.3.8); one more counts the failure of a stranger's client address. The tries are
    forgotten once the second factor is proven. `former`: what the browser showed so far, which ends here (7.2.4).
    """
    stores, browser = staff_stores(services), find_browser(client, credentials.email, now)
    lookups: tuple[Lookup[Any], ...] = (
        stores.members.lookup(credentials.email),
        stores.managers.lookup(),
        stores.attempts.lookup(tries_at(credentials.email, browser)),
        stores.attempts.lookup(tries_from(client.address)),
    )
    member, managers, tried, from_address = services.database.read_together(*lookups)
    strangers = None if browser else from_address
    if strangers and (until := LOGIN_OF_ADDRESS.waits_until(strangers.times, now)):
        raise StaffSlowedDown(until)
    count_try(services, tried.of_former_devices() if browser and is_former(browser, member) else tried, now)
    usable = member if member and member.is_active and is_as_listed(member, managers) else None
    if not services.hasher.verify(usable.password if usable else None, credentials.password) or usable is None:
        if strangers:
            count_try(services, strangers, now, LOGIN_OF_ADDRESS)
        services.record.write_of_staff(
            "staff_login_refused", now, client.request, credentials.email, address=client.address
        )
        raise StaffLoginRefused
    return _half_open(services, usable, former, now)


def count_try(services: Services, tries: Tries, now: datetime, limit: RateLimit = LOGIN_OF_ACCOUNT) -> None:
    """Count one more try, before what was typed is looked at. Raises `StaffSlowedDown`."""
    try:
        staff_stores(services).attempts.reserve(tries, limit, now)
    except SlowedDown as slowed:
        raise StaffSlowedDown(slowed.until) from None


def _half_open(services: Services, member: Member, former: Token | None, now: datetime) -> Token:
    sessions, token = staff_stores(services).sessions, new_token()
    gone = (sessions.delete(former),) if former else ()
    services.database.write_together(sessions.put(StaffSession.open(token, member, "password", now)), *gone)
    return token
