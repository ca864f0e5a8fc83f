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
from chalicelib.flows.staff.entering import is_as_listed
from chalicelib.services import Client, Services
from chalicelib.staff_services import staff_stores
from chalicelib.stores.attempts import Tries
from chalicelib.stores.dynamo import Lookup
from chalicelib.values import frozen


@frozen
class StaffCredentials:
    """What was typed: an address as `email_from` writes it, and a password as `passwords.trim` gives it."""

    email: str = field(repr=False)
    password: str = field(repr=False)


def tries_at(email: str) -> Tries:
    """Name the tries at a member's password, whether or not there is such a member."""
    return Tries({"site": "@try", "identifier": email})


def tries_from(address: str) -> Tries:
    """Name the failed logins of a client address at the desk."""
    return Tries({"site": "@client", "identifier": address})


def log_in(services: Services, credentials: StaffCredentials, client: Client, now: datetime) -> Token:
    """Open a session that a code, or a passkey, opens wholly. Raises `StaffLoginRefused` or `SlowedDown`.

    Three round trips (one read, one try counted, one session) and one Argon2 operation, the same for an address that
    nobody has. The tries are forgotten once the second factor is proven.
    """
    stores = staff_stores(services)
    lookups: tuple[Lookup[Any], ...] = (
        stores.members.lookup(credentials.email),
        stores.managers.lookup(),
        stores.attempts.lookup(tries_at(credentials.email)),
        stores.attempts.lookup(tries_from(client.address)),
    )
    member, managers, tried, from_address = services.database.read_together(*lookups)
    if until := LOGIN_OF_ADDRESS.waits_until(from_address.times, now):
        raise StaffSlowedDown(until)
    count_try(services, tried, now)
    usable = member if member and member.is_active and is_as_listed(member, managers) else None
    if not services.hasher.verify(usable.password if usable else None, credentials.password) or usable is None:
        count_try(services, from_address, now, LOGIN_OF_ADDRESS)
        services.record.write("staff_login_refused", now, client.request, address=client.address)
        raise StaffLoginRefused
    return _half_open(services, usable, now)


def count_try(services: Services, tries: Tries, now: datetime, limit: RateLimit = LOGIN_OF_ACCOUNT) -> None:
    """Count one more try, before what was typed is looked at. Raises `StaffSlowedDown`."""
    try:
        staff_stores(services).attempts.reserve(tries, limit, now)
    except SlowedDown as slowed:
        raise StaffSlowedDown(slowed.until) from None


def _half_open(services: Services, member: Member, now: datetime) -> Token:
    token = new_token()
    session = StaffSession.open(token, member, "password", now)
    services.database.write_together(staff_stores(services).sessions.put(session))
    return token
