"""Change what opens one's own access: told by mail, one write, and where it ends other sessions one's own goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.domain.staff.members import AccessChange, Changed, Member, new_stamp
from chalicelib.domain.staff.staff_sessions import new_token
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.notices import post_notice
from chalicelib.infra.record import StaffEvent
from chalicelib.services.family import Client, Services
from chalicelib.services.staff import staff_stores
from chalicelib.values import frozen

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
    """What changes, how, and whether it ends every other session (OWASP ASVS 5.0, 7.4.3)."""

    what: AccessChange
    decide: Callable[[Member], Member]  # only decides, as often as somebody came first
    ends_sessions: bool = False


def change_access(services: Services, context: StaffContext, act: AccessAct, client: Client, now: datetime) -> Token:
    """Change it, and give the token of the session that goes on: another one where the others end.

    Raises what `decide` raises, and `NotLoggedIn` where another change ended this session meanwhile.
    """
    stores, changed = staff_stores(services), Changed.new(act.what, now)
    stamp = new_stamp() if act.ends_sessions else context.session.stamp
    token = new_token() if act.ends_sessions else context.token

    def decide(member: Member) -> Member:
        if member.stamp != context.session.stamp or member.disabled:
            raise NotLoggedIn
        return replace(act.decide(member), stamp=stamp).with_change(changed)

    decide(context.member)  # refuses before anything is posted
    post_notice(services, context.member, changed, client)
    if act.ends_sessions:
        # Before the member: if that write fails, a session under a stamp that was never written opens nothing.
        services.database.write_together(stores.sessions.put(context.session.go_on(token, stamp, now)))
    if stores.members.revise(context.member.email, decide, context.member) is None:
        raise NotLoggedIn
    services.record.write_of_staff(_EVENTS[act.what], now, client.request, context.member.email, address=client.address)
    return token
