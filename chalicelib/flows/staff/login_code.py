"""Log in to the desk, second half: a code of the authenticator, or a recovery code, opens the session."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.domain.account.keys import KeyUnknown
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, Unavailable, WriteConflict
from chalicelib.domain.staff.members import Changed, Member, Totp
from chalicelib.domain.staff.recent_logins import RecentLogin
from chalicelib.domain.staff.recovery import matching_digest
from chalicelib.domain.staff.staff_sessions import StaffSession, token_after
from chalicelib.domain.staff.totp import DIGITS, TOTP_KIND, matching_step
from chalicelib.flows.staff.entry import StaffContext, enter_with
from chalicelib.flows.staff.login import count_try, own_tries
from chalicelib.flows.staff.notices import post_notice
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services


class CodeRefused(FormRefusal):
    """The code is not the current one, or is used already: the next one will work."""

    code = "staff_code_refused"


class KeyLost(FormRefusal):
    """The key of the code is missing from the stage: no code can work until a reset."""

    code = "staff_key_lost"


def enter_half_open(visit: Visit[Services]) -> StaffContext:
    """Find the half-open session of a second factor's form. Raises `NotLoggedIn`.

    After its login, it accepts only the same form again, within a minute and from the same address.
    """
    context, _ = enter_with(visit, lambda _session: (), "password")
    login = context.used_by
    if login and not login.answers(visit.services.record.pseudonyms.of_address(visit.client.address), visit.now):
        email = context.member.email
        visit.record_of_staff("staff_code_refused", email, address=visit.client.address)
        raise NotLoggedIn
    return context


def prove_code(visit: Visit[Services], context: StaffContext, code: str) -> Token:
    """Open the session fully, under a new token. Raises `CodeRefused`, `KeyLost`, `NotLoggedIn` or `SlowedDown`.

    The try is counted before the code is compared. A code works once (OWASP ASVS 5.0, 6.5.1): this is the condition of
    the write that uses it, and ends the half-open session, so of two sessions with one code the second is refused. The
    same form sent again gets the same session: its token is derived from the half-open one's (`enter_half_open`).
    """
    member = context.member
    count_try(visit.services, own_tries(visit.client, member, visit.now)[1], visit.now)
    token = token_after(visit.services.settings.key_ring("staff-tokens"), context.token, code)
    try:
        after = None if context.used_by else _with_code_used(visit, member, code)
    except KeyLost:
        visit.record_of_staff("staff_key_lost", member.email, address=visit.client.address)
        raise
    if after is None:
        return _sent_again(visit, context, token)
    if after.recovery != member.recovery:
        after = _with_notice(visit, after)
    try:
        return open_session(visit, context, after, token)
    except WriteConflict:
        return _sent_again(visit, context, token)


def open_session(visit: Visit[Services], context: StaffContext, after: Member, token: Token) -> Token:
    """Open the session, both factors proven, and clear the tries. Raises `WriteConflict`: then nothing is open.

    `after`: the member with the second factor as used. A manager is then noted as having entered.
    """
    services, client = visit.services, visit.client
    stores, before = services.staff, context.member
    # Before the member: if that write fails, the token of this session is never handed out.
    services.database.write_together(
        stores.sessions.put(StaffSession.open(token, before, "open", visit.now, client.browser))
    )
    login = RecentLogin(
        context.session.fingerprint, token.fingerprint, services.record.pseudonyms.of_address(client.address), visit.now
    )
    stores.members.change(before, after.with_login(login))
    with suppress(Unavailable):  # the next login does this
        services.database.write_together(*map(stores.attempts.clear, own_tries(client, before, visit.now)))
        stores.managers.note_entry(before.email, context.managers)
    visit.record_of_staff("staff_login_ok", before.email, address=client.address)
    return token


def is_opened(visit: Visit[Services], context: StaffContext, token: Token) -> bool:
    """Whether this form opened this token's session a moment ago, from this address, and the session is still valid."""
    stores = visit.services.staff
    member, session = stores.members.find(context.member.email), stores.sessions.find(token)
    login = member.login_by(context.session.fingerprint) if member else None
    is_same = (
        login
        and login.opened == token.fingerprint
        and login.answers(visit.services.record.pseudonyms.of_address(visit.client.address), visit.now)
    )
    return bool(is_same and session and session.is_of(member, visit.now))


def _sent_again(visit: Visit[Services], context: StaffContext, token: Token) -> Token:
    """Return the session opened by this very form. Raises `CodeRefused`, or `NotLoggedIn` after another form."""
    if is_opened(visit, context, token):
        return token
    email = context.member.email
    visit.record_of_staff("staff_code_refused", email, address=visit.client.address)
    raise NotLoggedIn if context.used_by else CodeRefused


def _with_notice(visit: Visit[Services], after: Member) -> Member:
    """Notify the member that a recovery code was used: a thief may have the sheet."""
    change = Changed.new("recovery_used", visit.now)
    post_notice(visit, after, change)
    return after.with_change(change)


def seal_key(services: Services, email: str, key: str) -> str:
    """Seal the key of an authenticator for one member."""
    return _seal(services).seal_text(email, key)


def open_key(services: Services, email: str, totp: Totp) -> str:
    """Read a sealed key. Raises `KeyLost` if it is another member's, or if the key that sealed it is gone."""
    try:
        words = _seal(services).open_text(totp.key)
    except KeyUnknown:
        raise KeyLost from None
    if words is None or words[0] != email:
        raise KeyLost
    return words[1]


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("staff-totp"), TOTP_KIND)


def _with_code_used(visit: Visit[Services], member: Member, code: str) -> Member | None:
    """Use up a code of the authenticator, or a longer recovery code. None if it is neither."""
    digits = "".join(code.split())
    if len(digits) == DIGITS and member.totp:
        step = matching_step(
            open_key(visit.services, member.email, member.totp), digits, visit.now, member.totp.last_step
        )
        return replace(member, totp=replace(member.totp, last_step=step)) if step is not None else None
    try:
        used = matching_digest(visit.services.settings.key_ring("staff-codes"), member.email, digits, member.recovery)
    except KeyUnknown:
        raise KeyLost from None
    return replace(member, recovery=tuple(left for left in member.recovery if left != used)) if used else None
