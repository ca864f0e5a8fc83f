"""Log in to the desk, second half: the code of an application, or one of those on paper, opens the session."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.staff.members import Member, Totp
from chalicelib.domain.staff.refusals import CodeRefused
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.domain.staff.totp import matching_step
from chalicelib.flows.staff.entering import StaffContext
from chalicelib.flows.staff.login import count_try, tries_at
from chalicelib.services import Client, Services
from chalicelib.staff_services import staff_stores
from chalicelib.stores.attempts import Tries


def tries_at_code(email: str) -> Tries:
    """Name the tries at a member's second factor."""
    return Tries({"site": "@code", "identifier": email})


def prove_code(services: Services, context: StaffContext, code: str, client: Client, now: datetime) -> Token:
    """Open the session wholly, under a new token. Raises `CodeRefused` or `SlowedDown`.

    The try is counted before the code is looked at. That a code works once is the condition of the write that takes it:
    of two requests with one code, the second is refused.
    """
    stores, member = staff_stores(services), context.member
    count_try(services, tries_at_code(member.email), now)
    after = _with_code_used(services, member, code, now)
    if after is None:
        services.record.write("staff_code_refused", now, client.request, address=client.address)
        raise CodeRefused
    try:
        member = stores.members.change(member, after.with_entry(now))
    except WriteConflict:
        raise CodeRefused from None
    return open_wholly(services, context, member, client, now)


def open_wholly(services: Services, context: StaffContext, member: Member, client: Client, now: datetime) -> Token:
    """Open the session in the place of the half-open one, and forget the tries: both factors are proven.

    `member`: as it is after the write that took the second one, and renewed its `entry`. From here on a manager counts
    as one who is left (`Managers.note_entry`).
    """
    stores, token = staff_stores(services), new_token()
    if member.role == "manager":
        stores.managers.note_entry(member.email, context.managers)
    services.database.write_together(
        stores.sessions.put(StaffSession.open(token, member, "open", now)),
        stores.sessions.delete(context.token),
        stores.attempts.clear(tries_at(member.email)),
        stores.attempts.clear(tries_at_code(member.email)),
    )
    services.record.write("staff_login_ok", now, client.request, address=client.address)
    return token


def seal_key(services: Services, email: str, key: str) -> str:
    """Seal the key of an application for one member."""
    return urlsafe_b64encode(staff_stores(services).totp_seal.seal(email, key)).decode()


def open_key(services: Services, email: str, totp: Totp) -> str:
    """Read it. Raises `Unavailable` where it is not this member's, or was sealed by another key."""
    words = staff_stores(services).totp_seal.open(urlsafe_b64decode(totp.sealed))
    if words is None or words[0] != email:
        raise Unavailable("the key of an authenticator application cannot be read")
    return words[1]


def recovery_digest(email: str, code: str) -> str:
    """Hash a code on paper, all that is kept of it: enough for its 80 random bits."""
    plain = "".join(character for character in code.casefold() if character.isalnum())
    return hashlib.sha256(f"{email}\0{plain}".encode()).hexdigest()


def _with_code_used(services: Services, member: Member, code: str, now: datetime) -> Member | None:
    typed = "".join(code.split())
    if member.totp:
        step = matching_step(open_key(services, member.email, member.totp), typed, now, member.totp.last_step)
        if step is not None:
            return replace(member, totp=replace(member.totp, last_step=step))
    digest = recovery_digest(member.email, typed)
    if any(hmac.compare_digest(digest, left) for left in member.recovery):
        return replace(member, recovery=tuple(left for left in member.recovery if left != digest))
    return None
