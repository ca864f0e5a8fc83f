"""The account that a login means: read in one round trip, at the site tried and at any other where it may be."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.logins import family_ref, follow_guardian, guardian_of, opens, presumed_family
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.account.spellings import matching_account, refs_spelt
from chalicelib.infra.dynamo.database import READ_AT_ONCE, Lookup
from chalicelib.services.family import Client, Services
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

    def may_be_guessed(self, now: datetime) -> bool:
        """Whether a password may be tried. At another site, only after few tries (decision 55)."""
        counted = sum(len(LOGIN_OF_ACCOUNT.recent(tries.times, now)) for tries in self.at_all_sites)
        return not self.is_elsewhere or counted < FORGIVEN


@frozen
class _Sites:
    """The accounts that may be meant, by site. The one tried comes first."""

    tried: AccountRef
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


def find_target(services: Services, tried: AccountRef, client: Client, now: datetime) -> LoginTarget:
    """Find the account that is meant, and its tries: one round trip, the same for an account that does not exist."""
    sites = _sites(services, tried)
    devices = _devices(sites.refs[tried.site], client, now)
    read = _read(services, sites, devices, client)
    found_here = sites.present(read.accounts, tried.site)
    here, shares = matching_account(tried.identifier, found_here), len(found_here) > 1
    known = here.ref if here else tried
    if device := devices.get(known):
        tries = read.at_devices[known]
        return LoginTarget(
            here, tries.of_former_devices() if device.is_former(here) else tries, None, shares_its_tries=shares
        )
    elsewhere = None if found_here else _only_one(sites, read.accounts)
    return LoginTarget(
        here or elsewhere,
        read.at_sites[0],
        read.from_address,
        is_elsewhere=elsewhere is not None,
        shares_its_tries=shares,
        at_all_sites=read.at_sites,
    )


def _read(services: Services, sites: _Sites, devices: Mapping[AccountRef, Device], client: Client) -> _Read:
    refs = [ref for of_site in sites.refs.values() for ref in of_site]
    at_sites = [AttemptTimes.on_account(AccountRef(site, sites.tried.identifier)) for site in sites.refs]
    at_devices = [AttemptTimes.on_account(ref, device) for ref, device in devices.items()]
    counted = (*at_sites, *at_devices, AttemptTimes.from_address(client.address))
    families = [family for family in dict.fromkeys(map(presumed_family, refs)) if family and family not in refs]
    lookups: list[Lookup[Any]] = [services.accounts.lookup(ref) for ref in (*refs, *families)]
    results = services.database.read_together(*lookups, *map(services.attempts.lookup, counted))
    accounts = {account.ref: account for account in results[: len(lookups)] if account}
    tries = results[len(lookups) :]
    return _Read(
        {ref: _as_its_family_says(accounts[ref], accounts) for ref in refs if ref in accounts},
        tries[: len(at_sites)],
        dict(zip(devices, tries[len(at_sites) : -1], strict=True)),
        tries[-1],
    )


def _as_its_family_says(login: Account, accounts: Mapping[AccountRef, Account]) -> Account:
    """Close a guardian's login if its family is closed or no longer names it.

    Passwords mailed to an address that the guardian no longer has open nothing. A consumer that read the family before
    the change may still have mailed one there.
    """
    family = accounts.get(family_ref(login))
    if not opens(family, login):
        return replace(login, disabled=True)
    guardian = guardian_of(family, login.ref) if family else None
    return replace(login, mailed_passwords=follow_guardian(login, guardian).mailed_passwords) if guardian else login


def _sites(services: Services, tried: AccountRef) -> _Sites:
    """List the accounts that may be meant at all sites, if one round trip can read them. Else at one site only."""
    codes = (tried.site, *(site.code for site in services.settings.network.sites if site.code != tried.site))
    refs = {site: refs_spelt(site, tried.identifier) for site in codes}
    accounts = [ref for of_site in refs.values() for ref in of_site]
    most = len(accounts) + sum(map(bool, map(presumed_family, accounts))) + len(refs) + len(refs[tried.site]) + 1
    return _Sites(tried, refs if most <= READ_AT_ONCE else {tried.site: refs[tried.site]})


def _devices(refs: tuple[AccountRef, ...], client: Client, now: datetime) -> dict[AccountRef, Device]:
    """Find the client's known browser, by account of the site tried."""
    devices = {ref: client.devices.find(ref, now) for ref in refs}
    return {ref: device for ref, device in devices.items() if device}


def _only_one(sites: _Sites, accounts: Mapping[AccountRef, Account]) -> Account | None:
    """Find the account if only one site has the identifier. None if no site has it, or several do."""
    having = [found for site in sites.refs if (found := sites.present(accounts, site))]
    return matching_account(sites.tried.identifier, having[0]) if len(having) == 1 else None
