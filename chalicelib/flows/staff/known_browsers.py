"""The tries at a member's proofs: all strangers' together, and those of each browser that logged in before.

A stranger who keeps guessing shuts nobody out who comes from a browser of their own (OWASP ASVS 5.0, 6.3.1; docs/
decisions/0037 for families).
"""

from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.devices import Device
from chalicelib.domain.staff.members import Member
from chalicelib.services.family import Client
from chalicelib.stores.attempts import Tries

_DOOR: Final = "bureau"  # what stands where a family's browser is known to an account of a site
_AT_LOGIN: Final = "@try"
_AT_CODE: Final = "@code"
_END: Final = "\n"  # no address has this character


def door_of(email: str) -> AccountRef:
    """Name a member's door to what signs the cookies of known browsers."""
    return AccountRef(_DOOR, email)


def find_browser(client: Client, email: str, now: datetime) -> Device | None:
    """Find the browser among those that a member's door knows; None for a stranger's."""
    return client.devices.find(door_of(email), now)


def tries_at(email: str, browser: Device | None = None) -> Tries:
    """Name the tries at a member's password, whether or not there is such a member."""
    return _tries(_AT_LOGIN, email, browser)


def tries_at_code(email: str, browser: Device | None = None) -> Tries:
    """Name the tries at a member's second factor."""
    return _tries(_AT_CODE, email, browser)


def tries_from(address: str) -> Tries:
    """Name the failed logins of a client address at the desk."""
    return Tries({"site": "@client", "identifier": address})


def links_from(address: str) -> Tries:
    """Name the requests of a client address for links that make a browser known."""
    return Tries({"site": "@client/link", "identifier": address})


def is_former(browser: Device, member: Member | None) -> bool:
    """Whether the password that a browser logged in with is no more: all such browsers are counted together."""
    return member is None or member.password_changed_at is None or browser.since < member.password_changed_at


def own_tries(client: Client, member: Member, now: datetime) -> tuple[Tries, Tries]:
    """Name the tries at the password, and at the second factor, of whoever asks."""
    browser = find_browser(client, member.email, now)
    both = tries_at(member.email, browser), tries_at_code(member.email, browser)
    if browser and is_former(browser, member):
        return both[0].of_former_devices(), both[1].of_former_devices()
    return both


def _tries(what: str, email: str, browser: Device | None) -> Tries:
    return Tries({"site": what, "identifier": f"{email}{_END}{browser.name}" if browser else email})
