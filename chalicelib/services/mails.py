"""Mails, described: each is sent once its change is confirmed, and its outcome recorded, in one place (record 112)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unanswered, Unavailable, Undeliverable
from chalicelib.infra.record import Event, StaffEvent
from chalicelib.mail.jobs import NotConfirmedYet, QueuedJob
from chalicelib.mail.letters import Letter
from chalicelib.mail.outbox import PATIENCE
from chalicelib.services.family import Services
from chalicelib.stores.notices import AlreadyMailed, BeingMailed, Deliveries
from chalicelib.values import frozen

AnyJob = TypeVar("AnyJob", bound=QueuedJob)


@frozen
class ConfirmedMail:
    """The mail of a confirmed change: its account, the address on file (None if it was removed), and the letter.

    `once`: the unique name of a mail that is claimed, at the account's site, including its mailbox's pseudonym.
    """

    account: AccountRef
    email: str | None
    letter: Callable[[str], Letter]
    once: tuple[str, ...] = ()


def account_facts(_services: Services, job: Any, _outcome: str) -> dict[str, Any]:  # noqa: ANN401 - with an account
    """List the account of a job, for the record."""
    return {"account": AccountRef(job.site, job.identifier)}


@frozen
class DescribedMail(Generic[AnyJob]):
    """The mail of one kind of job: its proof and letter, and its events.

    `prove` reads the tables again. It returns the mail, or the reason to send none, or None if the change is not
    written, or not yet. `unwritten`: the reason recorded then, after a while. `about`: the facts of either event.
    """

    prove: Callable[[Any, AnyJob, datetime], ConfirmedMail | str | None]
    mailed: Event | StaffEvent
    dropped: Event | StaffEvent
    about: Callable[[Any, AnyJob, str], dict[str, Any]] = account_facts
    unwritten: str = "not_written"

    def send(self, services: Services, job: AnyJob, now: datetime) -> None:
        """Send the mail and record its outcome. Raises `NotConfirmedYet` or `Unavailable` to be called again.

        One mail per job. Two if SES accepted it and its answer was lost, or if the consumer died right after: a second
        mail is better than none. A claimed one is sent once for any number of jobs.
        """
        outcome = self._send(services, job, self.prove(services, job, now), now)
        facts = self.about(services, job, outcome)
        event, reason = (self.mailed, {}) if outcome == "mailed" else (self.dropped, {"reason": outcome})
        write: Callable[..., None] = services.record.write_of_staff if "member" in facts else services.record.write
        write(event, now, job.request, **facts, **reason)

    def _send(self, services: Services, job: AnyJob, proof: ConfirmedMail | str | None, now: datetime) -> str:
        if proof is None:
            if now - job.asked_at < PATIENCE:
                raise NotConfirmedYet(job.request)
            return self.unwritten
        if isinstance(proof, str):
            return proof
        if job.is_stale(now):
            return "stale"
        if not proof.email:
            return "undeliverable"
        letter, send = proof.letter(proof.email), _send_once if proof.once else _send
        try:
            return send(services, job, proof, letter, now)
        except Undeliverable:
            return "undeliverable"


def _send(services: Services, _job: QueuedJob, proof: ConfirmedMail, letter: Letter, _now: datetime) -> str:
    services.mailer.send(letter, proof.account)
    return "mailed"


def _send_once(services: Services, job: QueuedJob, proof: ConfirmedMail, letter: Letter, now: datetime) -> str:
    """Claim, send, confirm. If SES's answer was lost, the mail is sent again five minutes later."""
    deliveries, site = Deliveries(services.database, services.settings.teaching_table), proof.account.site
    try:
        deliveries.claim(site, *proof.once, now=now)
    except AlreadyMailed:
        return "already"
    except BeingMailed:
        raise NotConfirmedYet(job.request) from None
    try:
        services.mailer.send(letter, proof.account)
    except Undeliverable:
        deliveries.confirm(site, *proof.once)
        raise
    except Unanswered:
        raise
    except Unavailable:
        deliveries.release(site, *proof.once)
        raise
    deliveries.confirm(site, *proof.once)
    return "mailed"
