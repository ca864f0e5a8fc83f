"""Described mails: each is sent once its change is confirmed, and its outcome recorded, in one place (record 112)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.infra.record import Event, StaffEvent
from chalicelib.mail import letters
from chalicelib.mail.jobs import NotConfirmedYet, QueuedJob
from chalicelib.mail.letters import Letter
from chalicelib.mail.mailer import Unanswered, Undeliverable
from chalicelib.mail.outbox import PATIENCE
from chalicelib.services.family import Services
from chalicelib.stores.notices import AlreadyMailed, BeingMailed, Deliveries
from chalicelib.values import frozen

AnyJob = TypeVar("AnyJob", bound=QueuedJob)


@frozen
class ConfirmedMail:
    """The mail of a confirmed change: its account, the address on file (None if it was removed), its letter and facts.

    The network and the time are facts of every letter.
    `once`: the unique name of a mail that is claimed, at the account's site, including its mailbox's pseudonym.
    """

    account: AccountRef
    email: str | None
    letter: str
    facts: Mapping[str, object]
    once: tuple[str, ...] = ()


def jobs_to_each(
    services: Services, account: Account, job: Callable[..., AnyJob], request: str, now: datetime
) -> tuple[AnyJob, ...]:
    """Make a job for each address on file, by its pseudonym. `job`: with its other fields."""
    ref, of_mailbox = account.ref, services.record.pseudonyms.of_mailbox
    of_account = partial(job, request=request, asked_at=now, site=ref.site, identifier=ref.identifier)
    return tuple(of_account(mailbox=of_mailbox(email)) for email in account.emails)


def account_facts(_services: Services, job: Any, _reason: str) -> dict[str, Any]:  # noqa: ANN401 - with an account
    """List the account of a job, for the record."""
    return {"account": AccountRef(job.site, job.identifier)}


@frozen
class DescribedMail(Generic[AnyJob]):
    """A mail sent once: its jobs, its proof, and its two events.

    `prove` reads the tables again. It returns the mail, or the reason to send none, or None if the change is not
    written, or not yet. `unwritten`: the reason recorded then, after a while. `about`: the facts of the event, by the
    reason, which is empty for a mail sent.
    """

    jobs: tuple[type[AnyJob], ...]
    prove: Callable[[Any, AnyJob, datetime], ConfirmedMail | str | None]
    success: Event | StaffEvent
    failure: Event | StaffEvent
    about: Callable[[Any, AnyJob, str], dict[str, Any]] = account_facts
    unwritten: str = "not_written"

    def send(self, services: Services, job: AnyJob, now: datetime) -> None:
        """Send the mail and record it. Raises `NotConfirmedYet` or `Unavailable` to be called again.

        One mail per job. Two if SES accepted it and its answer was lost, or if the consumer died right after: a second
        mail is better than none. A claimed one is sent once for any number of jobs.
        """
        reason = self._send(services, job, self.prove(services, job, now), now)
        event, details = (self.failure, {"reason": reason}) if reason else (self.success, {})
        facts = self.about(services, job, reason)
        write: Callable[..., None] = services.record.write_of_staff if "member" in facts else services.record.write
        write(event, now, job.request, **facts, **details)

    def _send(self, services: Services, job: AnyJob, proof: ConfirmedMail | str | None, now: datetime) -> str:
        if proof is None:
            if now - job.asked_at < PATIENCE:
                raise NotConfirmedYet(job.request)
            return self.unwritten
        if isinstance(proof, str) or job.is_stale(now):
            return proof if isinstance(proof, str) else "stale"
        if not proof.email:
            return "undeliverable"
        facts = {"network": services.settings.network, "now": now, **proof.facts}
        letter = letters.fill(proof.letter, proof.email, now, facts)
        try:
            if proof.once:
                return _send_once(services, job, proof, letter, now)
            services.mailer.send(letter, proof.account)
        except Undeliverable:
            return "undeliverable"
        return ""


def deliveries(services: Services) -> Deliveries:
    """Make the claims of mails."""
    settings = services.settings
    return Deliveries(services.database, settings.attempts_table, settings.wing_tables.get("teaching_table"))


def _send_once(services: Services, job: QueuedJob, proof: ConfirmedMail, letter: Letter, now: datetime) -> str:
    """Claim, send, confirm. If SES's answer was lost, the mail is sent again five minutes later."""
    claims, site = deliveries(services), proof.account.site
    try:
        claims.claim(site, *proof.once, now=now)
    except AlreadyMailed:
        return "already"
    except BeingMailed:
        raise NotConfirmedYet(job.request) from None
    try:
        services.mailer.send(letter, proof.account)
    except Undeliverable:
        claims.confirm(site, *proof.once)
        raise
    except Unanswered:
        raise
    except Unavailable:
        claims.release(site, *proof.once)
        raise
    claims.confirm(site, *proof.once)
    return ""
