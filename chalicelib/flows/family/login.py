"""Log in: a site, an identifier and a password open a session. A refusal never reveals which was wrong."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account import logins
from chalicelib.domain.account.accounts import ALIAS, CANARY, Account, AccountRef, new_stamp
from chalicelib.domain.account.aliases import is_alias_of
from chalicelib.domain.account.coordinates import record_password_change
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.logins import family_ref, follow_guardian, guardian_of, presumed_family
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, LOGIN_OF_ADDRESS
from chalicelib.domain.account.sessions import OpenedBy, Session, Token
from chalicelib.domain.account.spellings import matching_account, refs_spelt
from chalicelib.domain.refusals import FormRefusal, LoginRefused, SlowedDown, Unavailable, WriteConflict
from chalicelib.flows.family.security_notices import password_notices
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Delete, Lookup
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.infra.record import Event
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Client, Services, Visit
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen

FORGIVEN: Final = LOGIN_OF_ACCOUNT.free  # tries at one identifier, over all sites, while a wrong site is forgiven


@frozen
class LoginTarget:
    """The account whose password is tried, if it exists, and the tries to count."""

    account: Account | None
    tries: AttemptTimes
    strangers: AttemptTimes | None  # those of the client address, or None for a browser that the account knows
    is_elsewhere: bool = False  # the account is at another site than the one tried: the only site with this identifier
    shares_its_tries: bool = False  # with an account of the same spelling but for dashes: a success clears none
    at_all_sites: tuple[AttemptTimes, ...] = field(default=(), repr=False)
    is_by_alias: bool = False  # read in two round trips

    def may_be_guessed(self, now: datetime) -> bool:
        """Whether a password may be tried. At another site, only after few tries (decision 55)."""
        count = sum(len(LOGIN_OF_ACCOUNT.recent(tries.times, now)) for tries in self.at_all_sites)
        return not self.is_elsewhere or count < FORGIVEN


@frozen
class _Sites:
    """The accounts that may be meant, by site. The one tried comes first."""

    first: AccountRef
    refs: Mapping[str, tuple[AccountRef, ...]]

    def present(self, accounts: Mapping[AccountRef, Account], site: str) -> tuple[Account, ...]:
        return tuple(accounts[ref] for ref in self.refs[site] if ref in accounts)


@frozen
class _Read:
    """The reads of one round trip: accounts, tries by site (the one tried first) and by known browser, failures."""

    accounts: Mapping[AccountRef, Account]  # those that may log in
    at_sites: tuple[AttemptTimes, ...]
    at_devices: Mapping[AccountRef, AttemptTimes]
    from_address: AttemptTimes


def tries_from(ref: AccountRef, device: Device | None, account: Account | None) -> AttemptTimes:
    """Return the tries of a browser at an account. Browsers known before the last password change share theirs."""
    tries = AttemptTimes.on_account(ref, device)
    return tries.of_former_devices() if device and device.is_former(account) else tries


def find_target(visit: Visit[Services], ref: AccountRef) -> LoginTarget:
    """Find the account that is meant, and its tries: one round trip, the same for an account that does not exist.

    An alias is one more: it is tried as if the account's own identifier had been typed, and counted with its tries, so
    that no second name allows more guesses (docs/decisions/0163).
    """
    target = _find_target(visit, ref)
    alias = target.account
    if alias is None or alias.role != ALIAS:
        return target
    target_of_own = _find_target(visit, AccountRef(ref.site, alias.family))
    is_open = is_alias_of(alias, target_of_own.account)
    return replace(target_of_own if is_open else replace(target, account=None), is_by_alias=True)


def _find_target(visit: Visit[Services], ref: AccountRef) -> LoginTarget:
    sites = _sites(visit.services, ref)
    devices = _devices(sites.refs[ref.site], visit.client, visit.now)
    result = _read(visit, sites, devices)
    found_here = sites.present(result.accounts, ref.site)
    here, shares = matching_account(ref.identifier, found_here), len(found_here) > 1
    account = here.ref if here else ref
    if device := devices.get(account):
        tries = result.at_devices[account]
        return LoginTarget(
            here, tries.of_former_devices() if device.is_former(here) else tries, None, shares_its_tries=shares
        )
    elsewhere = None if found_here else _only_one(sites, result.accounts)
    return LoginTarget(
        here or elsewhere,
        result.at_sites[0],
        result.from_address,
        is_elsewhere=elsewhere is not None,
        shares_its_tries=shares,
        at_all_sites=result.at_sites,
    )


def _read(visit: Visit[Services], sites: _Sites, devices: Mapping[AccountRef, Device]) -> _Read:
    refs = [ref for of_site in sites.refs.values() for ref in of_site]
    at_sites = [AttemptTimes.on_account(AccountRef(site, sites.first.identifier)) for site in sites.refs]
    at_devices = [AttemptTimes.on_account(ref, device) for ref, device in devices.items()]
    try_keys = (*at_sites, *at_devices, AttemptTimes.from_address(visit.client.address))
    families = [family for family in dict.fromkeys(map(presumed_family, refs)) if family and family not in refs]
    lookups: list[Lookup[Any]] = [visit.services.accounts.lookup(ref) for ref in (*refs, *families)]
    results = visit.services.database.read_together(*lookups, *map(visit.services.attempts.lookup, try_keys))
    accounts = {account.ref: account for account in results[: len(lookups)] if account}
    tries = results[len(lookups) :]
    return _Read(
        {ref: _as_its_family_says(accounts[ref], accounts) for ref in refs if ref in accounts},
        tries[: len(at_sites)],
        dict(zip(devices, tries[len(at_sites) : -1], strict=True)),
        tries[-1],
    )


def _as_its_family_says(login: Account, accounts: Mapping[AccountRef, Account]) -> Account:
    """Close a guardian's login if their family is closed or no longer names it.

    Passwords mailed to an address that the guardian no longer has open nothing. A consumer that read the family before
    the change may still have mailed one there.
    """
    family = accounts.get(family_ref(login))
    if not logins.opens(family, login):
        return replace(login, disabled=True)
    guardian = guardian_of(family, login.ref) if family else None
    return replace(login, mailed_passwords=follow_guardian(login, guardian).mailed_passwords) if guardian else login


def _sites(services: Services, first: AccountRef) -> _Sites:
    """List the accounts that may be meant at all sites, if one round trip can read them. Else at one site only."""
    codes = (first.site, *(site.code for site in services.settings.network.sites if site.code != first.site))
    refs = {site: refs_spelt(site, first.identifier) for site in codes}
    accounts = [ref for of_site in refs.values() for ref in of_site]
    reads = len(accounts) + sum(map(bool, map(presumed_family, accounts))) + len(refs) + len(refs[first.site]) + 1
    return _Sites(first, refs if reads <= READ_AT_ONCE else {first.site: refs[first.site]})


def _devices(refs: tuple[AccountRef, ...], client: Client, now: datetime) -> dict[AccountRef, Device]:
    """Find the client's known browser, by account of the site tried."""
    devices = {ref: client.devices.find(ref, now) for ref in refs}
    return {ref: device for ref, device in devices.items() if device}


def _only_one(sites: _Sites, accounts: Mapping[AccountRef, Account]) -> Account | None:
    """Find the account if only one site has the identifier. None if no site has it, or several do."""
    having = [found for site in sites.refs if (found := sites.present(accounts, site))]
    return matching_account(sites.first.identifier, having[0]) if len(having) == 1 else None


def log_out(visit: Visit[Services]) -> str:
    """Delete the browser's session, if any. Return FranceConnect's address that ends its own, or nothing."""
    session = visit.services.sessions.find(visit.token) if visit.token else None
    if visit.token is None or session is None:
        return ""
    visit.services.database.write_together(visit.services.sessions.delete(visit.token))
    visit.record("session_ended", account=session.account, reason="logout")
    return session.logout


@frozen
class Credentials:
    """The typed account, and the password as `passwords.trim` gives it."""

    account: AccountRef
    password: str = field(repr=False)


@frozen
class OpenedSession:
    """A session that a login opened: its token, and its account, which may be at another site than the one tried."""

    token: Token
    account: AccountRef


def log_in(visit: Visit[Services], attempt: Credentials, opened_by: OpenedBy = "login") -> Token:
    """Open a session as `open_session` does, and return its token only."""
    return open_session(visit, attempt, opened_by).token


def open_session(visit: Visit[Services], attempt: Credentials, opened_by: OpenedBy = "login") -> OpenedSession:
    """Open a session, and close the browser's former one. Raises `LoginRefused` or `SlowedDown`.

    Four round trips (one read, one try counted, one session, one change of the account) and one Argon2 operation, the
    same for an account that does not exist. Only a proven login that lost a race reads again, so that both logins of a
    double click succeed. The first use of a mailed password posts its notice before any write: a failed post changes
    nothing.
    """
    new_token, stamp, notices = Token.new(attempt.account.site), new_stamp(), Outbox(visit.services.post_box)
    for races in range(RACES):
        try:
            target = find_target(visit, attempt.account)
            before, after = _prove(visit, target, attempt, is_proven=races > 0)
            if after.stamp != before.stamp:
                after = record_password_change(before, replace(after, stamp=stamp), opened_by, visit.now)
                notices.post(*password_notices(visit, after))
            token = replace(new_token, site=after.ref.site)
            session = Session.open(token, after, visit.now, by=opened_by, previous_login=before.last_login)
            session = replace(session, site_forgiven=target.is_elsewhere, browser=visit.client.browser)
            _write(visit.services, session, before, after, _gone(visit, target))
        except WriteConflict:
            continue
        if after.stamp != before.stamp:
            visit.record("reset_used", account=after.ref, address=visit.client.address)
        details = {"tried": attempt.account.site} if target.is_elsewhere else {}
        details |= {"role": CANARY} if after.role == CANARY else {}  # its successes offset no failure in the alarm
        visit.record("login_ok", account=after.ref, address=visit.client.address, **details)
        return OpenedSession(token, after.ref)
    raise Unavailable("the account keeps changing")


def _gone(visit: Visit[Services], target: LoginTarget) -> tuple[Delete, ...]:
    """List the items that a success deletes: its counted tries, and the browser's former session."""
    tries = () if target.shares_its_tries else (visit.services.attempts.clear(target.tries),)
    return (*tries, visit.services.sessions.delete(visit.token)) if visit.token else tries


def _prove(
    visit: Visit[Services], target: LoginTarget, attempt: Credentials, *, is_proven: bool
) -> tuple[Account, Account]:
    """Return the account before and after the login. A mailed password is accepted even while slowed down."""
    now = visit.now
    account = target.account
    if account and account.mailed_digest_of(attempt.password, now):
        new_hash = visit.services.hasher.hash(attempt.password)
        return account, account.with_login(now).with_password(new_hash, "mailed", now)
    try:
        if not is_proven:
            _slow_down(visit, target)
        guess = account if is_proven or target.may_be_guessed(now) else None
        is_right = opens(visit, guess, attempt.password)
        before = _admit(visit, guess if is_right else None, target.strangers)
    except FormRefusal as refusal:
        if not target.is_by_alias:  # reads once more, so that the time of a refusal does not tell an alias
            _find_target(visit, attempt.account)
        event: Event = "login_slowed" if isinstance(refusal, SlowedDown) else "login_refused"
        visit.record(event, account=attempt.account, address=visit.client.address)
        raise
    after = before.with_login(now)
    if before.password and visit.services.hasher.is_outdated(before.password.hash):
        after = after.with_hash(visit.services.hasher.hash(attempt.password))
    return before, after


def _slow_down(visit: Visit[Services], target: LoginTarget) -> None:
    """Refuse unverified while waiting. Else count the try before the password is compared (design §5).

    The address's tries are only read here, and counted once the password is wrong: earlier, this would cost every
    honest login two more writes (docs/decisions/0005). Those of a known browser are not counted with its address's
    strangers.
    """
    until = LOGIN_OF_ADDRESS.waits_until(target.strangers.times, visit.now) if target.strangers else None
    if until is not None:
        raise SlowedDown(until)
    visit.services.attempts.reserve(target.tries, LOGIN_OF_ACCOUNT, visit.now)


def _admit(visit: Visit[Services], account: Account | None, strangers: AttemptTimes | None) -> Account:
    """Return the account whose password was right. Else count a failure of the address's strangers."""
    if account:
        return account
    if strangers:
        visit.services.attempts.reserve(strangers, LOGIN_OF_ADDRESS, visit.now)
    raise LoginRefused


def tries_of(account: Account, client: Client, now: datetime) -> AttemptTimes:
    """Return the tries to count for a client at an account: all strangers' together, or those of a known browser."""
    return tries_from(account.ref, client.devices.find(account.ref, now), account)


def opens(visit: Visit[Services], account: Account | None, password: str) -> bool:
    """Check the account's password. Without a usable account a decoy is verified instead.

    A damaged hash is recorded, and is a mismatch too: the user asks for a mailed password instead.
    """
    usable = account.password if account and not account.disabled else None
    is_right = visit.services.hasher.verify(usable.hash if usable else None, password)
    if account and usable and not is_right and visit.services.hasher.is_damaged(usable.hash):
        visit.record("hash_damaged", account=account.ref, address=visit.client.address)
    return is_right


def _write(services: Services, session: Session, before: Account, after: Account, items: tuple[Delete, ...]) -> None:
    """Write the session, then the account. If that fails, the session's stamp was never written: it opens nothing."""
    services.database.write_together(services.sessions.put(session), *items)
    services.accounts.change(before, after)
