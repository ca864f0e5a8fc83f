"""Take up another authenticator application: a key that the page proposes, and a code that it shows."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.staff.invitations import proposed_key
from chalicelib.domain.staff.members import Member
from chalicelib.flows.staff.access_change import AccessAct, change_access
from chalicelib.flows.staff.entering import StaffContext
from chalicelib.flows.staff.second_factor import application
from chalicelib.services import Client, Services


def next_key(services: Services, context: StaffContext) -> str:
    """Propose a key: the same as long as this session goes on and no other was taken up."""
    member = context.member
    so_far = member.totp.sealed if member.totp else ""
    return proposed_key(services.settings.record_key, member.email, context.token.secret, so_far)


def replace_application(services: Services, context: StaffContext, code: str, client: Client, now: datetime) -> Token:
    """Take it up, and end every other session. The password was shown again just before.

    Raises `FieldsRefused` or `NotLoggedIn`.
    """
    factor = application(services, context.member.email, next_key(services, context), code, now)
    if factor.refused:
        raise FieldsRefused(factor.refused)

    def decide(member: Member) -> Member:
        return replace(member, totp=factor.totp)

    return change_access(services, context, AccessAct("application", decide, ends_sessions=True), client, now)
