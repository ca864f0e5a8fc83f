"""Log in to the desk, second half: the code of an application, or one of those on paper, opens the session."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.staff.members import Changed, Member, Totp
from chalicelib.domain.staff.recovery import recovery_digest
from chalicelib.domain.staff.refusals import CodeRefused
from chalicelib.domain.staff.staff_sessions import StaffSession, token_after
from chalicelib.domain.staff.totp import matching_step
from chalicelib.flows.staff.entering import StaffContext
from chalicelib.flows.staff.known_browsers import own_tries
from chalicelib.flows.staff.login import count_try
from chalicelib.flows.staff.notices import post_notice
from chalicelib.services import Client, Services
from chalicelib.staff_services import staff_stores


def prove_code(services: Services, context: StaffContext, code: str, client: Client, now: datetime) -> Token:
    """Open the session wholly, under a new token. Raises `CodeRefused` or `SlowedDown`.

    The try is counted before the code is looked at. That a code works once (OWASP ASVS 5.0, 6.5.1) is the condition of
    the write that takes it: of two sessions with one code, the second is refused. The same form sent again (a double
    click, an answer that was lost) is given the same session: its token follows from that of the half-open one.
    """
    member = context.member
    count_try(services, own_tries(services, client, member, now)[1], now)
    token = token_after(services.settings.record_key, context.token, code)
    after = _with_code_used(services, member, code, now)
    if after is None:
        return _sent_again(services, member.email, token, client, now)
    if after.recovery != member.recovery:
        after = _with_notice(services, after, client, now)
    try:
        return open_wholly(services, context, after, token, client, now)
    except WriteConflict:
        return _sent_again(services, member.email, token, client, now)


def open_wholly(  # noqa: PLR0913, PLR0917 - whose, as what, by which token, who asks, and when
    services: Services, context: StaffContext, after: Member, token: Token, client: Client, now: datetime
) -> Token:
    """Open the session, both factors proven, and forget the tries. Raises `WriteConflict`: then nothing is open.

    `after`: the member with the second factor as used. From here on a manager counts as one who is left.
    """
    stores, before = staff_stores(services), context.member
    # Before the member: nobody has this token yet, and if that write fails nobody is given it.
    services.database.write_together(stores.sessions.put(StaffSession.open(token, before, "open", now)))
    stores.members.change(before, after.with_entry(now, token.fingerprint))
    with suppress(Unavailable):  # the next login does so
        services.database.write_together(*map(stores.attempts.clear, own_tries(services, client, before, now)))
        stores.managers.note_entry(before.email, context.managers)
    services.record.write_of_staff("staff_login_ok", now, client.request, before.email, address=client.address)
    return token


def is_opened(services: Services, email: str, token: Token, now: datetime) -> bool:
    """Whether this token's session is the last that was opened, and goes on: its form was sent again."""
    stores = staff_stores(services)
    member, session = stores.members.find(email), stores.sessions.find(token)
    return bool(member and session and member.entry == token.fingerprint and session.is_of(member, now))


def _sent_again(services: Services, email: str, token: Token, client: Client, now: datetime) -> Token:
    """Give the session that this very form opened, if it did and goes on. Raises `CodeRefused`."""
    if is_opened(services, email, token, now):
        return token
    services.record.write_of_staff("staff_code_refused", now, client.request, email, address=client.address)
    raise CodeRefused


def _with_notice(services: Services, after: Member, client: Client, now: datetime) -> Member:
    """Have the member told that a code on paper served: maybe somebody else has the sheet."""
    changed = Changed.new("recovery_used", now)
    post_notice(services, after, changed, client)
    return after.with_change(changed)


def seal_key(services: Services, email: str, key: str) -> str:
    """Seal the key of an application for one member."""
    return urlsafe_b64encode(staff_stores(services).totp_seal.seal(email, key)).decode()


def open_key(services: Services, email: str, totp: Totp) -> str:
    """Read it. Raises `Unavailable` where it is not this member's, or was sealed by another key."""
    words = staff_stores(services).totp_seal.open(urlsafe_b64decode(totp.sealed))
    if words is None or words[0] != email:
        raise Unavailable("the key of an authenticator application cannot be read")
    return words[1]


def _with_code_used(services: Services, member: Member, code: str, now: datetime) -> Member | None:
    typed = "".join(code.split())
    if member.totp:
        step = matching_step(open_key(services, member.email, member.totp), typed, now, member.totp.last_step)
        if step is not None:
            return replace(member, totp=replace(member.totp, last_step=step))
    digest = recovery_digest(services.settings.record_key, member.email, typed)
    if any(hmac.compare_digest(digest, left) for left in member.recovery):
        return replace(member, recovery=tuple(left for left in member.recovery if left != digest))
    return None
