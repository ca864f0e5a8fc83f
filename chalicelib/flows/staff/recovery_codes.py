"""Make other recovery codes: those on the former sheet open nothing any more."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.recovery import new_codes, recovery_digest
from chalicelib.flows.staff.access_change import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.services.family import Client, Services


def renew_codes(services: Services, context: StaffContext, client: Client, now: datetime) -> tuple[str, ...]:
    """Make them and give them, once. The password was shown again just before. Raises `NotLoggedIn`."""
    codes, email = new_codes(), context.member.email
    digests = tuple(recovery_digest(services.settings.key_ring("staff-codes"), email, code) for code in codes)

    def decide(member: Member) -> Member:
        return replace(member, recovery=digests)

    change_access(services, context, AccessAct("recovery", decide), client, now)
    return codes
