"""The cookie of the browsers known to families' accounts. Only the checks of a password read it."""

from dataclasses import replace

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Devices
from chalicelib.services.family import Client
from chalicelib.web.edge import PageRequest


def known_client(request: PageRequest) -> Client:
    """Describe the client with the browsers that accounts know."""
    keys = request.services.settings.key_ring("devices")
    return replace(request.client, devices=Devices(keys, request.devices))


def devices_cookie(request: PageRequest, account: AccountRef) -> str:
    """Make the cookie by which an account, whose password was just proven, knows this browser from now on."""
    return known_client(request).devices.remember(account, request.now)
