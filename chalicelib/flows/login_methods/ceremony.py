"""The options of a page that asks for a passkey, families' and staff's alike, and the host of all passkeys."""

import ipaddress
from urllib.parse import urlsplit

from chalicelib.domain.identity.webauthn import RelyingParty
from chalicelib.settings.environment import Network
from chalicelib.values import frozen


@frozen
class PasskeyOptions:
    """The options of a page's request to the browser: to sign the challenge with a known credential, or a new one.

    `ids`: of known ones. The others are for a new one. `user`: a pseudonym, not secret. `address`, `name`: shown by
    the browser where it has passkeys of several. `resident`: whether the passkey must be found without its id.
    """

    challenge: str
    relying_party: str
    ids: tuple[str, ...] = ()
    network: str = ""
    user: str = ""
    address: str = ""
    name: str = ""
    resident: str = "required"


def relying_party_of(network: Network) -> RelyingParty:
    """Return the host of the public address, to which passkeys are bound.

    On loopback it is `localhost`, if that is one of ours, as browsers accept no IP address as a host (5.1.2).
    """
    hosts = {origin: urlsplit(origin).hostname or "" for origin in network.origins}
    public = hosts[network.public_url]
    names = [host for host in (public, *sorted(hosts.values())) if not _is_number(host)]
    host = names[0] if names else public
    return RelyingParty(host, frozenset(origin for origin, its_host in hosts.items() if its_host == host))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
