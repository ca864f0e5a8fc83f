"""The key of an authenticator application as a page proposes it: as text, as a link, as a picture."""

from dataclasses import field
from typing import Final

from chalicelib.domain.staff.totp import otpauth
from chalicelib.flows.staff.second_factor import ProposedKey
from chalicelib.values import frozen
from chalicelib.web.office.qr_code import QrCode, qr_code

_GROUP: Final = 4  # letters that are typed at once


@frozen
class ProposedApplication:
    """What `office/authenticator.html` shows."""

    key: str = field(repr=False)  # in groups
    link: str = field(repr=False)
    picture: QrCode = field(repr=False)
    sealed: str = field(repr=False)  # as the form sends it back


def proposed_application(network: str, proposed: ProposedKey) -> ProposedApplication:
    """Write a key in each way in which an application takes one."""
    key, link = proposed.key, otpauth(proposed.key, network, proposed.email)
    grouped = " ".join(key[at : at + _GROUP] for at in range(0, len(key), _GROUP))
    return ProposedApplication(grouped, link, qr_code(link), proposed.sealed)
