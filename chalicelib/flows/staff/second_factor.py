"""The second factor that a member takes up: an application, by a code of the key that a page proposed, or a passkey."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from chalicelib.domain.staff.members import Passkey, Totp
from chalicelib.domain.staff.totp import matching_step
from chalicelib.flows.staff.code import seal_key
from chalicelib.services import Services
from chalicelib.values import frozen


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
