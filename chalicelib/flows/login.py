"""Log in: a site, an identifier and a password open a session, or a refusal that never tells which was wrong."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.accounts import Account, AccountRef
from chalicelib.domain.refusals import FormRefusal, LoginRefused, Overtaken, SlowedDown, Unavailable
from chalicelib.domain.sessions import Session, Token
from chalicelib.domain.slowing import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS
from chalicelib.record import Event
from chalicelib.services import Client, Services
from chalicelib.stores.attempts import Tries

_RACES = 3  # a double click makes two logins meet: the loser reads again and gets in too


@dataclass(frozen=True)
class Credentials:
    """What was typed: the account, and the password as `passwords.trimmed` gives it."""

    account: AccountRef
    password: str


def log_in(services: Services, attempt: Credentials, client: Client, now: datetime) -> Token:
    """Open a session. Raises `LoginRefused`, or `SlowedDown` when there were too many failures.

    Four round trips at most: one read, one try counted, one change of the account, one session. One Argon2 operation,
    the same for an account that does not exist.
    """
    for _ in range(_RACES):
        try:
            return _try_once(services, attempt, client, now)
        except Overtaken:
            continue
    raise Unavailable("the account keeps changing")


def _try_once(services: Services, attempt: Credentials, client: Client, now: datetime) -> Token:
    account, tries, crowd = services.database.read_together(
        services.accounts.one(attempt.account),
        services.attempts.one(Tries.on_account(attempt.account)),
        services.attempts.one(Tries.from_address(client.address)),
    )
    if account and account.mailed_digest_of(attempt.password, now):
        return _use_mailed(services, account, attempt.password, client, now)
    try:
        _slow_down(services, tries, crowd, now)
        known = _verified(services, account, attempt.password, crowd, now)
    except FormRefusal as refusal:
        event: Event = "login_slowed" if isinstance(refusal, SlowedDown) else "login_refused"
        services.record.write(event, now, client.request, account=attempt.account, address=client.address)
        raise
    after = known.logged_in(now)
    if known.password and services.hasher.is_outdated(known.password.hash):
        after = after.rehashed(services.hasher.hash(attempt.password))
    return _open(services, known, after, client, now)


def _slow_down(services: Services, tries: Tries, crowd: Tries, now: datetime) -> None:
    """Refuse unverified while waiting; else count the try before the password is looked at (design §5).

    The address is only read here, and counted when the password is wrong: counting it before would cost every honest
    login two more writes (docs/decisions/0005).
    """
    until = LOGIN_OF_ADDRESS.waits_until(crowd.times, now)
    if until is not None:
        raise SlowedDown(until)
    services.attempts.reserve(tries, LOGIN_OF_ACCOUNT, now)


def _verified(services: Services, account: Account | None, password: str, crowd: Tries, now: datetime) -> Account:
    """Give the account whose password this is; verify a decoy where there is none, or it is disabled."""
    usable = account.password if account and not account.disabled else None
    is_right = services.hasher.verify(usable.hash if usable else None, password)
    if account and is_right:
        return account
    services.attempts.reserve(crowd, LOGIN_OF_ADDRESS, now)
    raise LoginRefused


def _use_mailed(services: Services, account: Account, password: str, client: Client, now: datetime) -> Token:
    """Make a mailed password the account's: accepted even while login is slowed down, so there is always a way out."""
    after = account.logged_in(now).with_password(services.hasher.hash(password), "mailed", now)
    token = _open(services, account, after, client, now)
    services.record.write("reset_used", now, client.request, account=account.ref, address=client.address)
    return token


def _open(services: Services, before: Account, after: Account, client: Client, now: datetime) -> Token:
    services.accounts.change(before, after)
    token = Token.new(after.ref.site)
    session = Session.open(token, after, now, by="login", previous_login=before.last_login)
    services.database.write_together(
        services.sessions.put(session), services.attempts.clear(Tries.on_account(after.ref))
    )
    services.record.write("login_ok", now, client.request, account=after.ref, address=client.address)
    return token
