"""Change the member's own access: notified by mail, one write. If it ends the other sessions, this one continues."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.account.sessions import ALL, Token, session_name
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn
from chalicelib.domain.staff.members import AccessChange, Changed, Member
from chalicelib.domain.staff.recovery import new_codes, recovery_digest
from chalicelib.domain.staff.staff_passwords import STAFF_RULE
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.login import is_password
from chalicelib.flows.staff.notices import post_notice
from chalicelib.infra.record import StaffEvent
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

Refused = dict[str, tuple[str, ...]]
_NEW: Final = "nouveau"
_CONFIRMATION: Final = "confirmation"


@frozen
class NewPassword:
    """The typed fields, each as `passwords.trim` gives it."""

    new: str = field(repr=False)
    confirmation: str = field(repr=False)

    def refusals(self, services: Services, member: Member) -> Refused:
        """List the errors by field. None of them depends on a secret."""
        errors: Refused = {}
        if not self.new:
            errors[_NEW] = ("new_missing",)
        elif violations := self._violations(services, member):
            errors[_NEW] = violations
        if not self.confirmation:
            errors[_CONFIRMATION] = ("confirmation_missing",)
        elif self.confirmation != self.new:
            errors[_CONFIRMATION] = ("confirmation_differs",)
        return errors

    def _violations(self, services: Services, member: Member) -> tuple[str, ...]:
        network = services.settings.network
        rule = replace(STAFF_RULE, common=network.passwords.rule.common)
        places = (network.name, network.agglomeration, *(site.name for site in network.sites))
        return rule.violations(self.new, member.email, member.name, *places)


_EVENTS: dict[AccessChange, StaffEvent] = {
    "agent": "staff_proconnect_attached",
    "password": "staff_password_changed",
    "application": "staff_application_replaced",
    "recovery": "staff_recovery_renewed",
    "passkey_added": "staff_passkey_added",
    "passkey_removed": "staff_passkey_removed",
}


@frozen
class AccessAct:
    """A change of access, and whether it ends every other session (OWASP ASVS 5.0, 7.4.3)."""

    change: AccessChange
    decide: Callable[[Member], Member]  # a pure function, called again after each lost race
    ends_sessions: bool = False


def change_access(visit: Visit[Services], context: StaffContext, act: AccessAct) -> Token:
    """Change the access, and return the token of the session that continues: a new one if the others end.

    Raises as `decide` does, and `NotLoggedIn` if a concurrent change ended this session.
    """
    stores, change = visit.services.staff, Changed.new(act.change, visit.now)
    stamp = new_stamp() if act.ends_sessions else context.session.stamp
    token = new_token() if act.ends_sessions else context.token

    def decide(member: Member) -> Member:
        if member.stamp != context.session.stamp or member.disabled:
            raise NotLoggedIn
        return replace(act.decide(member), stamp=stamp).with_change(change)

    decide(context.member)  # refuses before anything is posted
    post_notice(visit, context.member, change)
    if act.ends_sessions:
        # Before the member: if that write fails, the session has a stamp that was never written, and opens nothing.
        visit.services.database.write_together(stores.sessions.put(context.session.go_on(token, stamp, visit.now)))
    if stores.members.revise(context.member.email, decide, context.member) is None:
        raise NotLoggedIn
    visit.record_of_staff(_EVENTS[act.change], context.member.email, address=visit.client.address)
    return token


def renew_codes(visit: Visit[Services], context: StaffContext) -> tuple[str, ...]:
    """Make new recovery codes, and return them once. The password was just proven again. Raises `NotLoggedIn`."""
    codes, email = new_codes(), context.member.email
    digests = tuple(recovery_digest(visit.services.settings.key_ring("staff-codes"), email, code) for code in codes)

    def decide(member: Member) -> Member:
        return replace(member, recovery=digests)

    change_access(visit, context, AccessAct("recovery", decide))
    return codes


@frozen
class StaffPasswordChange:
    """The typed fields: the current password, as `passwords.trim` gives it, and the new one."""

    current: str = field(repr=False)
    password: NewPassword


def change_password(visit: Visit[Services], context: StaffContext, change: StaffPasswordChange) -> Token:
    """Change the password (OWASP ASVS 5.0, 6.2.2, 6.2.3). Raises `FieldsRefused`, `SlowedDown` or `NotLoggedIn`.

    Fields that need no secret are checked first, so that a typing error costs no try.
    """
    if errors := _refusals(visit.services, context.member, change):
        raise FieldsRefused(errors)
    if not is_password(visit, context.member, change.current):
        raise FieldsRefused({"actuel": ("staff_current_wrong",)})
    digest = visit.services.hasher.hash(change.password.new)

    def decide(member: Member) -> Member:
        return replace(member, password=digest, password_changed_at=visit.now)

    return change_access(visit, context, AccessAct("password", decide, ends_sessions=True))


def _refusals(services: Services, member: Member, change: StaffPasswordChange) -> dict[str, tuple[str, ...]]:
    missing = {} if change.current else {"actuel": ("current_missing",)}
    errors = missing | change.password.refusals(services, member)
    if change.current and change.password.new == change.current:
        errors.setdefault("nouveau", ("password_same",))
    return errors


def other_sessions(services: Services, context: StaffContext, now: datetime) -> tuple[StaffSession, ...]:
    """List the member's open sessions but this one, the latest first."""
    sessions = [
        session
        for session in services.staff.sessions.of_member(context.member.email)
        if session.fingerprint != context.session.fingerprint
        and session.stage == "open"
        and session.is_of(context.member, now)
    ]
    return tuple(sorted(sessions, key=lambda session: session.opened_at, reverse=True))


def end_sessions(visit: Visit[Services], context: StaffContext, name: str) -> None:
    """End one other session, by its name, or `ALL`. The password was just proven again (OWASP ASVS 5.0, 7.5.2).

    Ending one that is over is no error. Raises `FieldsRefused` without a choice.
    """
    if not name:
        raise FieldsRefused({"connexion": ("session_missing",)})
    for session in other_sessions(visit.services, context, visit.now):
        if name in {ALL, session_name(session.fingerprint)}:
            visit.services.database.write_together(visit.services.staff.sessions.close(session))
            visit.record_of_staff("staff_session_ended", context.member.email)
