"""Show the password again before an act that could do harm: a stolen session alone does none of them."""

from datetime import datetime

from chalicelib.domain.staff.refusals import ProofRefused
from chalicelib.flows.staff.entering import StaffContext
from chalicelib.flows.staff.known_browsers import own_tries
from chalicelib.flows.staff.login import count_try
from chalicelib.services import Client, Services
from chalicelib.staff_services import staff_stores


def prove_again(services: Services, context: StaffContext, password: str, client: Client, now: datetime) -> None:
    """Check the password, unless it or a passkey was shown within five minutes. Raises `ProofRefused`, `SlowedDown`."""
    if context.session.is_proven(now):
        return
    stores, member = staff_stores(services), context.member
    if not password:
        raise ProofRefused
    tries, _ = own_tries(services, client, member, now)
    count_try(services, tries, now)
    if not services.hasher.verify(member.password, password):
        services.record.write("staff_proof_refused", now, client.request, address=client.address)
        raise ProofRefused
    services.database.write_together(stores.attempts.clear(tries))
    stores.sessions.prove(context.session, now)
