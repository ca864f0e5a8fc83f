"""Prove the password again before a harmful act, so that a stolen session alone can do none."""

from datetime import datetime

from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.refusals import ProofRefused
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.login import count_try, own_tries
from chalicelib.services.family import Client, Services
from chalicelib.services.staff import staff_stores


def prove_again(services: Services, context: StaffContext, password: str, client: Client, now: datetime) -> None:
    """Check the password, unless it or a passkey was proven in five minutes. Raises `ProofRefused`, `SlowedDown`."""
    if context.session.is_proven(now):
        return
    if not password or not is_password(services, context.member, password, client, now):
        raise ProofRefused
    staff_stores(services).sessions.prove(context.session, now)


def is_password(services: Services, member: Member, typed: str, client: Client, now: datetime) -> bool:
    """Check the password, and count a try as at login, as the session may be stolen.

    The right password clears the tries, whether or not the form is then accepted. Raises `SlowedDown`.
    """
    tries, _ = own_tries(client, member, now)
    count_try(services, tries, now)
    if not services.hasher.verify(member.password, typed):
        services.record.write_of_staff("staff_proof_refused", now, client.request, member.email, address=client.address)
        return False
    services.database.write_together(staff_stores(services).attempts.clear(tries))
    return True
