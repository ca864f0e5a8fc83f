"""Log in to the desk, second half: the code of an authenticator, or one of those on paper, opens the session."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.keys import KeyUnknown
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotLoggedIn, Unavailable, WriteConflict
from chalicelib.domain.staff.members import Changed, Member, Totp
from chalicelib.domain.staff.recent_logins import RecentLogin
from chalicelib.domain.staff.recovery import matching_digest
from chalicelib.domain.staff.refusals import CodeRefused, KeyLost
from chalicelib.domain.staff.seals import Seal
from chalicelib.domain.staff.staff_sessions import StaffSession, token_after
from chalicelib.domain.staff.totp import DIGITS, TOTP_KIND, matching_step
from chalicelib.flows.staff.entry import StaffContext, enter_and_read
from chalicelib.flows.staff.login import count_try, own_tries
from chalicelib.flows.staff.notices import post_notice
from chalicelib.services.family import Client, Services
from chalicelib.services.staff import staff_stores


def enter_half_open(services: Services, token: Token | None, client: Client, now: datetime) -> StaffContext:
    """Find whose half-open session sends the form of a second factor. Raises `NotLoggedIn`.

    After its login it may only send that very form again, within a minute and from the same address.
    """
    context, _ = enter_and_read(services, token, now, lambda _session: (), "password")
    login = context.used_by
    if login and not login.answers(services.record.pseudonyms.of_address(client.address), now):
        email = context.member.email
        services.record.write_of_staff("staff_code_refused", now, client.request, email, address=client.address)
        raise NotLoggedIn
    return context


def prove_code(services: Services, context: StaffContext, code: str, client: Client, now: datetime) -> Token:
    """Open the session wholly, under a new token. Raises `CodeRefused`, `KeyLost`, `NotLoggedIn` or `SlowedDown`.

    The try is counted before the code is looked at. That a code works once (OWASP ASVS 5.0, 6.5.1) is the condition of
    the write that takes it, and ends the half-open session: of two sessions with one code, the second is refused. The
    same form sent again is given the same session: its token follows from the half-open one's (`enter_half_open`).
    """
    member = context.member
    count_try(services, own_tries(client, member, now)[1], now)
    token = token_after(services.settings.key_ring("staff-tokens"), context.token, code)
    try:
        after = None if context.used_by else _with_code_used(services, member, code, now)
    except KeyLost:
        services.record.write_of_staff("staff_key_lost", now, client.request, member.email, address=client.address)
        raise
    if after is None:
        return _sent_again(services, context, token, client, now)
    if after.recovery != member.recovery:
        after = _with_notice(services, after, client, now)
    try:
        return open_session(services, context, after, token, client, now)
    except WriteConflict:
        return _sent_again(services, context, token, client, now)


def open_session(  # noqa: PLR0913, PLR0917 - whose, as what, by which token, who asks, and when
    services: Services, context: StaffContext, after: Member, token: Token, client: Client, now: datetime
) -> Token:
    """Open the session, both factors proven, and forget the tries. Raises `WriteConflict`: then nothing is open.

    `after`: the member with the second factor as used. From here on a manager counts as one who is left.
    """
    stores, before = staff_stores(services), context.member
    # Before the member: nobody has this token yet, and if that write fails nobody is given it.
    services.database.write_together(stores.sessions.put(StaffSession.open(token, before, "open", now)))
    login = RecentLogin(
        context.session.fingerprint, token.fingerprint, services.record.pseudonyms.of_address(client.address), now
    )
    stores.members.change(before, after.with_login(login))
    with suppress(Unavailable):  # the next login does so
        services.database.write_together(*map(stores.attempts.clear, own_tries(client, before, now)))
        stores.managers.note_entry(before.email, context.managers)
    services.record.write_of_staff("staff_login_ok", now, client.request, before.email, address=client.address)
    return token


def is_opened(services: Services, context: StaffContext, token: Token, client: Client, now: datetime) -> bool:
    """Whether this very form opened this token's session a moment ago, from this address, and the session goes on."""
    stores = staff_stores(services)
    member, session = stores.members.find(context.member.email), stores.sessions.find(token)
    login = member.login_by(context.session.fingerprint) if member else None
    is_same = (
        login
        and login.opened == token.fingerprint
        and login.answers(services.record.pseudonyms.of_address(client.address), now)
    )
    return bool(is_same and session and session.is_of(member, now))


def _sent_again(services: Services, context: StaffContext, token: Token, client: Client, now: datetime) -> Token:
    """Give the session that this very form opened. Raises `CodeRefused`, or `NotLoggedIn` after another form did."""
    if is_opened(services, context, token, client, now):
        return token
    email = context.member.email
    services.record.write_of_staff("staff_code_refused", now, client.request, email, address=client.address)
    raise NotLoggedIn if context.used_by else CodeRefused


def _with_notice(services: Services, after: Member, client: Client, now: datetime) -> Member:
    """Have the member told that a code on paper served: maybe somebody else has the sheet."""
    changed = Changed.new("recovery_used", now)
    post_notice(services, after, changed, client)
    return after.with_change(changed)


def seal_key(services: Services, email: str, key: str) -> str:
    """Seal the key of an authenticator for one member."""
    return _seal(services).seal_text(email, key)


def open_key(services: Services, email: str, totp: Totp) -> str:
    """Read it. Raises `KeyLost` where it is not this member's, or was sealed by a key that is gone."""
    try:
        words = _seal(services).open_text(totp.key)
    except KeyUnknown:
        raise KeyLost from None
    if words is None or words[0] != email:
        raise KeyLost
    return words[1]


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("staff-totp"), TOTP_KIND)


def _with_code_used(services: Services, member: Member, code: str, now: datetime) -> Member | None:
    """Use up a code of the authenticator, or a longer one on paper. None if it is neither."""
    typed = "".join(code.split())
    if len(typed) == DIGITS and member.totp:
        step = matching_step(open_key(services, member.email, member.totp), typed, now, member.totp.last_step)
        return replace(member, totp=replace(member.totp, last_step=step)) if step is not None else None
    try:
        used = matching_digest(services.settings.key_ring("staff-codes"), member.email, typed, member.recovery)
    except KeyUnknown:
        raise KeyLost from None
    return replace(member, recovery=tuple(left for left in member.recovery if left != used)) if used else None
