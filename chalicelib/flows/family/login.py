"""Log in: a site, an identifier and a password open a session. A refusal never reveals which was wrong."""

from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.account.coordinates import record_password_change
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS
from chalicelib.domain.account.sessions import OpenedBy, Session, Token
from chalicelib.domain.refusals import FormRefusal, LoginRefused, SlowedDown, Unavailable, WriteConflict
from chalicelib.flows.family.login_target import LoginTarget, find_target, tries_from
from chalicelib.flows.family.security_notices import password_notices
from chalicelib.infra.dynamo.database import Delete
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.infra.record import Event
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Client, Services
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen


def log_out(services: Services, token: Token | None, client: Client, now: datetime) -> None:
    """Delete the session of this token, if any."""
    session = services.sessions.find(token) if token else None
    if token is None or session is None:
        return
    services.database.write_together(services.sessions.delete(token))
    services.record.write("session_ended", now, client.request, account=session.account, reason="logout")


@frozen
class Credentials:
    """The typed account, the password as `passwords.trim` gives it, and the browser's former token."""

    account: AccountRef
    password: str = field(repr=False)
    former: Token | None = None


@frozen
class OpenedSession:
    """A session that a login opened: its token, and its account, which may be at another site than the one tried."""

    token: Token
    account: AccountRef


def log_in(
    services: Services,
    attempt: Credentials,
    client: Client,
    now: datetime,
    opened_by: OpenedBy = "login",
) -> Token:
    """Open a session as `open_session` does, and return its token only."""
    return open_session(services, attempt, client, now, opened_by).token


def open_session(
    services: Services,
    attempt: Credentials,
    client: Client,
    now: datetime,
    opened_by: OpenedBy = "login",
) -> OpenedSession:
    """Open a session, and close the browser's former one. Raises `LoginRefused` or `SlowedDown`.

    Four round trips (one read, one try counted, one session, one change of the account) and one Argon2 operation, the
    same for an account that does not exist. Only a proven login that lost a race reads again, so that both logins of a
    double click succeed. The first use of a mailed password posts its notice before any write: a failed post changes
    nothing.
    """
    made, stamp, notices = Token.new(attempt.account.site), new_stamp(), Outbox(services.post_box)
    for races in range(RACES):
        try:
            target = find_target(services, attempt.account, client, now)
            before, after = _prove(services, target, attempt, client, now, is_proven=races > 0)
            if after.stamp != before.stamp:
                after = record_password_change(before, replace(after, stamp=stamp), opened_by, now)
                notices.post(*password_notices(services, after, client, now))
            token = replace(made, site=after.ref.site)
            session = Session.open(token, after, now, by=opened_by, previous_login=before.last_login)
            session = replace(session, site_forgiven=target.is_elsewhere)
            _write(services, session, before, after, _gone(services, target, attempt))
        except WriteConflict:
            continue
        if after.stamp != before.stamp:
            services.record.write("reset_used", now, client.request, account=after.ref, address=client.address)
        tried = {"tried": attempt.account.site} if target.is_elsewhere else {}
        services.record.write("login_ok", now, client.request, account=after.ref, address=client.address, **tried)
        return OpenedSession(token, after.ref)
    raise Unavailable("the account keeps changing")


def _gone(services: Services, target: LoginTarget, attempt: Credentials) -> tuple[Delete, ...]:
    """List the items that a success deletes: its counted tries, and the browser's former session."""
    tries = () if target.shares_its_tries else (services.attempts.clear(target.tries),)
    return (*tries, services.sessions.delete(attempt.former)) if attempt.former else tries


def _prove(  # noqa: PLR0913 - the account, the credentials, the client and the time
    services: Services, target: LoginTarget, attempt: Credentials, client: Client, now: datetime, *, is_proven: bool
) -> tuple[Account, Account]:
    """Return the account before and after the login. A mailed password is accepted even while slowed down."""
    account = target.account
    if account and account.mailed_digest_of(attempt.password, now):
        hashed = services.hasher.hash(attempt.password)
        return account, account.with_login(now).with_password(hashed, "mailed", now)
    try:
        if not is_proven:
            _slow_down(services, target, now)
        guessed = account if is_proven or target.may_be_guessed(now) else None
        is_right = opens(services, guessed, attempt.password, client, now)
        proven = _admit(services, guessed if is_right else None, target.strangers, now)
    except FormRefusal as refusal:
        event: Event = "login_slowed" if isinstance(refusal, SlowedDown) else "login_refused"
        services.record.write(event, now, client.request, account=attempt.account, address=client.address)
        raise
    after = proven.with_login(now)
    if proven.password and services.hasher.is_outdated(proven.password.hash):
        after = after.with_hash(services.hasher.hash(attempt.password))
    return proven, after


def _slow_down(services: Services, target: LoginTarget, now: datetime) -> None:
    """Refuse unverified while waiting. Else count the try before the password is compared (design §5).

    The address's tries are only read here, and counted once the password is wrong: earlier, this would cost every
    honest login two more writes (docs/decisions/0005). Those of a known browser are not counted with its address's
    strangers.
    """
    until = LOGIN_OF_ADDRESS.waits_until(target.strangers.times, now) if target.strangers else None
    if until is not None:
        raise SlowedDown(until)
    services.attempts.reserve(target.tries, LOGIN_OF_ACCOUNT, now)


def _admit(services: Services, account: Account | None, strangers: AttemptTimes | None, now: datetime) -> Account:
    """Return the account whose password was right. Else count a failure of the address's strangers."""
    if account:
        return account
    if strangers:
        services.attempts.reserve(strangers, LOGIN_OF_ADDRESS, now)
    raise LoginRefused


def tries_of(account: Account, client: Client, now: datetime) -> AttemptTimes:
    """Return the tries to count for a client at an account: all strangers' together, or those of a known browser."""
    return tries_from(account.ref, client.devices.find(account.ref, now), account)


def opens(services: Services, account: Account | None, typed: str, client: Client, now: datetime) -> bool:
    """Check the account's password. Without a usable account a decoy is verified instead.

    A damaged hash is recorded, and is a mismatch too: the user asks for a mailed password instead.
    """
    usable = account.password if account and not account.disabled else None
    is_right = services.hasher.verify(usable.hash if usable else None, typed)
    if account and usable and not is_right and services.hasher.is_damaged(usable.hash):
        services.record.write("hash_damaged", now, client.request, account=account.ref, address=client.address)
    return is_right


def _write(services: Services, session: Session, before: Account, after: Account, gone: tuple[Delete, ...]) -> None:
    """Write the session, then the account. If that fails, the session's stamp was never written: it opens nothing."""
    services.database.write_together(services.sessions.put(session), *gone)
    services.accounts.change(before, after)
