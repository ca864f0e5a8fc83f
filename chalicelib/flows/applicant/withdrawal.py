"""A withdrawal: candidates ask for a place no more, by one write of the application; their places are free."""

from collections.abc import Collection
from functools import partial

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.pools import Pool
from chalicelib.domain.admission.progress import CandidateProgress
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.flows.applicant.answer_mails import withdrawal_mail
from chalicelib.flows.applicant.status import Following
from chalicelib.mail.outbox import PostedFirst
from chalicelib.services.admission import admission_stores, release_claims
from chalicelib.services.family import Client, Services
from chalicelib.stores.pools import Pools


def withdrawable(followed: Following) -> tuple[CandidateProgress, ...]:
    """List the candidates that may be withdrawn here: those that still ask for a place."""
    live = {candidate.key for candidate in followed.context.application.live}
    return tuple(one for one in followed.candidates if one.candidate.key in live)


def withdraw(services: Services, followed: Following, keys: Collection[str], client: Client) -> None:
    """Withdraw candidates by their keys; those that are out already, or accepted, stay as they are. Twice is once.

    What they hold is freed, and their claims; what a fault leaves, the hourly job frees. Raises `FieldsRefused` where
    nobody is named.
    """
    if not keys:
        raise FieldsRefused({"retirer": ("withdrawal_empty",)})
    stores, context = admission_stores(services), followed.context
    posted = PostedFirst(services.post_box)
    mail = withdrawal_mail(context.application.ref, client.request, context.now)

    def decide(current: Application) -> Application:
        return current.withdraw(keys, context.now)

    before, after = stores.applications.revise(context.application, decide, lambda _before, _after: posted.post(mail))
    if after is not before:
        mailbox = after.ref.mailbox
        services.record.write("admission_withdrawn", context.now, client.request, application=mailbox)
    gone = [one for one in followed.candidates if after.state(one.candidate.key) == "withdrawn"]
    try:
        for one in gone:
            _free(stores.pools, one)
        release_claims(services, after, [one.candidate.key for one in gone if one.candidate.key in keys])
    except Unavailable as error:  # it is withdrawn all the same
        services.record.write("unavailable", context.now, client.request, what=str(error), lacking="releasing")


def _free(pools: Pools, candidate: CandidateProgress) -> None:
    for place in candidate.held:
        pools.revise(place.pool.ref, partial(Pool.release, candidate=place.holder.candidate), place.pool)
