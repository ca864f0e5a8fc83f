"""Log in to the desk, first half: a password opens a session that waits for the second factor, and is asked again."""

from dataclasses import field
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS, RateLimit
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FormRefusal, LoginRefused, SlowedDown
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.staff.entry import StaffContext, is_as_listed
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.services.family import Client, Visit
from chalicelib.services.staff import StaffServices as Services
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen

_DOOR: Final = "bureau"  # in the place of a site, in the keys of known browsers
_AT_LOGIN: Final = "@try"
_AT_CODE: Final = "@code"
_END: Final = "\n"  # no address has this character


class StaffLoginRefused(LoginRefused):
    """Unknown address, wrong password, or an access closed or not accepted yet. The answer never shows which."""

    code = "staff_login_refused"


class StaffSlowedDown(SlowedDown):
    """Too many tries at the desk's login. The next one is accepted from `until`."""

    code = "staff_slowed_down"


class ProofRefused(FormRefusal):
    """The password, asked again before a sensitive act, is wrong or missing."""

    code = "staff_proof_refused"


def device_scope(email: str) -> AccountRef:
    """Return the key under which browsers are known to a member."""
    return AccountRef(_DOOR, email)


def find_browser(client: Client, email: str, now: datetime) -> Device | None:
    """Find the client's browser, if it is known to the member. None for a stranger's."""
    return client.devices.find(device_scope(email), now)


def tries_at(email: str, browser: Device | None = None) -> AttemptTimes:
    """Return the tries at a member's password, the same for an address without an access."""
    return _tries(_AT_LOGIN, email, browser)


def tries_at_code(email: str, browser: Device | None = None) -> AttemptTimes:
    """Return the tries at a member's second factor."""
    return _tries(_AT_CODE, email, browser)


def tries_from(address: str) -> AttemptTimes:
    """Return the failed logins of a client address at the desk."""
    return AttemptTimes({"site": "@client", "identifier": address})


def is_former(browser: Device, member: Member | None) -> bool:
    """Whether the password changed since a browser logged in. The tries of all such browsers are counted together."""
    return member is None or member.password_changed_at is None or browser.since < member.password_changed_at


def own_tries(client: Client, member: Member, now: datetime) -> tuple[AttemptTimes, AttemptTimes]:
    """Return a client's tries at the password and at the second factor."""
    browser = find_browser(client, member.email, now)
    tries = tries_at(member.email, browser), tries_at_code(member.email, browser)
    if browser and is_former(browser, member):
        return tries[0].of_former_devices(), tries[1].of_former_devices()
    return tries


def _tries(kind: str, email: str, browser: Device | None) -> AttemptTimes:
    return AttemptTimes({"site": kind, "identifier": f"{email}{_END}{browser.name}" if browser else email})


def log_out(visit: Visit[Services]) -> None:
    """Close the browser's session, half-open or open, if there is one."""
    if visit.token:
        visit.services.database.write_together(visit.services.staff.sessions.delete(visit.token))


@frozen
class StaffCredentials:
    """The typed address, as `email_from` writes it, and password, as `passwords.trim` gives it."""

    email: str = field(repr=False)
    password: str = field(repr=False)


def log_in(visit: Visit[Services], credentials: StaffCredentials) -> Token:
    """Open a session that a code or a passkey then opens fully. Raises `StaffLoginRefused` or `SlowedDown`.

    Three round trips (one read, one try counted, one session) and one Argon2 operation, the same for an address without
    access (OWASP ASVS 5.0, 6.3.8). One more counts the failure of a stranger's client address. The tries are cleared
    once the second factor is proven. The browser's former session ends here (7.2.4).
    """
    services, now = visit.services, visit.now
    stores, browser = services.staff, find_browser(visit.client, credentials.email, now)
    lookups: tuple[Lookup[Any], ...] = (
        stores.members.lookup(credentials.email),
        stores.managers.lookup(),
        stores.attempts.lookup(tries_at(credentials.email, browser)),
        stores.attempts.lookup(tries_from(visit.client.address)),
    )
    member, managers, tries, from_address = services.database.read_together(*lookups)
    strangers = None if browser else from_address
    if strangers and (until := LOGIN_OF_ADDRESS.waits_until(strangers.times, now)):
        raise StaffSlowedDown(until)
    count_try(services, tries.of_former_devices() if browser and is_former(browser, member) else tries, now)
    usable = member if member and member.is_active and is_as_listed(member, managers) else None
    if not services.hasher.verify(usable.password if usable else None, credentials.password) or usable is None:
        if strangers:
            count_try(services, strangers, now, LOGIN_OF_ADDRESS)
        visit.record_of_staff("staff_login_refused", credentials.email, address=visit.client.address)
        raise StaffLoginRefused
    return _half_open(visit, usable)


def count_try(services: Services, tries: AttemptTimes, now: datetime, limit: RateLimit = LOGIN_OF_ACCOUNT) -> None:
    """Count a try, before the input is compared. Raises `StaffSlowedDown`."""
    try:
        services.staff.attempts.reserve(tries, limit, now)
    except SlowedDown as refusal:
        raise StaffSlowedDown(refusal.until) from None


def _half_open(visit: Visit[Services], member: Member) -> Token:
    sessions, token = visit.services.staff.sessions, new_token()
    old = (sessions.delete(visit.token),) if visit.token else ()
    visit.services.database.write_together(sessions.put(StaffSession.open(token, member, "password", visit.now)), *old)
    return token


def form_proof(visit: Visit[Services], session: StaffSession, page: str, former: str = "") -> str:
    """Seal a session's last proof into the forms of a page, which then need no other. Empty if they do.

    The page is opened within five minutes of the proof. A form that was, and is shown again, has a `former` seal,
    accepted until ten minutes after the proof: of this session, proof and page only.
    """
    if session.proven_at is None or not session.is_form_proven(visit.now):
        return ""
    seal = Seal(visit.services.settings.key_ring("staff-forms"), "form within a proof")
    words = (session.fingerprint, session.proven_at.isoformat(), page)
    is_opened_within = session.is_proven(visit.now) or seal.open_sent(former, len(words)) == words
    return seal.seal_text(*words) if is_opened_within else ""


def prove_again(visit: Visit[Services], context: StaffContext, password: str) -> None:
    """Check the password, unless it or a passkey was proven in five minutes. Raises `ProofRefused`, `SlowedDown`."""
    if context.session.is_proven(visit.now):
        return
    if not password or not is_password(visit, context.member, password):
        raise ProofRefused
    visit.services.staff.sessions.prove(context.session, visit.now)


def is_password(visit: Visit[Services], member: Member, password: str) -> bool:
    """Check the password, and count a try as at login, as the session may be stolen.

    The right password clears the tries, whether or not the form is then accepted. Raises `SlowedDown`.
    """
    services = visit.services
    tries, _ = own_tries(visit.client, member, visit.now)
    count_try(services, tries, visit.now)
    if not services.hasher.verify(member.password, password):
        visit.record_of_staff("staff_proof_refused", member.email, address=visit.client.address)
        return False
    services.database.write_together(services.staff.attempts.clear(tries))
    return True
