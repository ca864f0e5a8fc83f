"""Replace the authenticator: a key drawn by the page, and a code of that key."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.staff.members import Member
from chalicelib.flows.staff.access import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.second_factor import AuthenticatorInput, ProposedKey, propose, verify_authenticator
from chalicelib.services.family import Client, Services


def next_key(services: Services, context: StaffContext, sent: str, now: datetime) -> ProposedKey:
    """Propose a key, valid in this session only."""
    return propose(services, context.member.email, context.token.fingerprint, sent, now)


def replace_authenticator(
    services: Services, context: StaffContext, sent: AuthenticatorInput, client: Client, now: datetime
) -> Token:
    """Replace the authenticator, and end every other session. The password was just proven again.

    Raises `FieldsRefused` or `NotLoggedIn`.
    """
    factor = verify_authenticator(services, context.member.email, context.token.fingerprint, sent, now)
    if factor.refused:
        raise FieldsRefused(factor.refused)

    def decide(member: Member) -> Member:
        return replace(member, totp=factor.totp)

    return change_access(services, context, AccessAct("application", decide, ends_sessions=True), client, now)
