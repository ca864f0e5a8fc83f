"""The second factor that a member takes up: an application, by a code of the key that a page proposed, or a passkey."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Final

from chalicelib.domain.staff.members import Passkey, Totp
from chalicelib.domain.staff.refusals import PasskeyRefused
from chalicelib.domain.staff.totp import matching_step
from chalicelib.domain.staff.webauthn import Registration, challenge_of_link, register
from chalicelib.flows.staff.code import seal_key
from chalicelib.flows.staff.passkeys import party_of
from chalicelib.services import Services
from chalicelib.values import frozen

FIRST_PASSKEY: Final = "Première clé"  # nobody has named it yet


@frozen
class SecondFactor:
    """One that was proven; or why not, by the form's field, to be told beside what else is refused."""

    totp: Totp | None = None
    passkeys: tuple[Passkey, ...] = ()
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def application(services: Services, email: str, key: str, code: str, now: datetime) -> SecondFactor:
    """Take up an application that shows this code of this key; the code is used up by it (OWASP ASVS 5.0, 6.5.1)."""
    typed = "".join(code.split())
    if not typed:
        return SecondFactor(refused={"code": ("staff_code_missing",)})
    step = matching_step(key, typed, now, last_step=0)
    if step is None:
        return SecondFactor(refused={"code": ("staff_code_differs",)})
    return SecondFactor(Totp(seal_key(services, email, key), step))


def first_passkey(services: Services, link_secret: str, sent: str, now: datetime) -> SecondFactor:
    """Take up a passkey made on an invitation's page: its challenge follows from the link, which works once."""
    party = party_of(services.settings.network)
    try:
        made = register(Registration.parse(sent), challenge_of_link(link_secret), party, FIRST_PASSKEY, now)
    except PasskeyRefused as refusal:
        return SecondFactor(refused={"cle": (refusal.code,)})
    return SecondFactor(passkeys=(made,))
