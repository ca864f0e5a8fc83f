"""Change one's password of the desk: the current one proves who asks, and every other session ends."""

from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.staff.members import Member
from chalicelib.flows.staff.access_change import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.new_password import NewPassword
from chalicelib.flows.staff.proof_again import is_password
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen


@frozen
class PasswordChange:
    """What was typed: the current password, as `passwords.trim` gives it, and the new one."""

    current: str = field(repr=False)
    chosen: NewPassword


def change_password(
    services: Services, context: StaffContext, change: PasswordChange, client: Client, now: datetime
) -> Token:
    """Change it (OWASP ASVS 5.0, 6.2.2, 6.2.3). Raises `FieldsRefused`, `SlowedDown` or `NotLoggedIn`.

    What needs no secret is looked at first, so that a slip in typing costs no try.
    """
    if refused := _refusals(services, context.member, change):
        raise FieldsRefused(refused)
    if not is_password(services, context.member, change.current, client, now):
        raise FieldsRefused({"actuel": ("staff_current_wrong",)})
    hashed = services.hasher.hash(change.chosen.new)

    def decide(member: Member) -> Member:
        return replace(member, password=hashed, password_changed_at=now)

    return change_access(services, context, AccessAct("password", decide, ends_sessions=True), client, now)


def _refusals(services: Services, member: Member, change: PasswordChange) -> dict[str, tuple[str, ...]]:
    missing = {} if change.current else {"actuel": ("current_missing",)}
    refused = missing | change.chosen.refusals(services, member)
    if change.current and change.chosen.new == change.current:
        refused.setdefault("nouveau", ("password_same",))
    return refused
