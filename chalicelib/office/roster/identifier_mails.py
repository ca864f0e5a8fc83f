"""The two mails of an identifier that passes to another family: to the former family, and to the new one.

The former family's addresses are deleted by the time of sending, so they are sealed in the job.
"""

from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.text import fold
from chalicelib.mail.account_jobs import IdentifierGiven
from chalicelib.services.family import Services
from chalicelib.services.mails import ConfirmedMail, DescribedMail, jobs_to_each

_KIND: Final = "former family"


def jobs_to_former(services: Services, account: Account, request: str, now: datetime) -> tuple[IdentifierGiven, ...]:
    """Make the mails to a family whose identifier will pass to another: one to each of its addresses."""
    seal = Seal(services.settings.key_ring("jobs"), _KIND)
    spelling = account.display_identifier or account.ref.identifier
    return tuple(
        IdentifierGiven(
            request=request,
            asked_at=now,
            site=account.ref.site,
            identifier=account.ref.identifier,
            family=_pseudonym(services, account),
            former=seal.seal_text(account.name, spelling, email),
        )
        for email in account.emails
    )


def jobs_to_new(services: Services, account: Account, request: str, now: datetime) -> tuple[IdentifierGiven, ...]:
    """Make the mails to a family whose new account will have another family's former identifier."""
    job = partial(IdentifierGiven, family=_pseudonym(services, account))
    return jobs_to_each(services, account, job, request, now)


def _prove(services: Services, job: IdentifierGiven, _now: datetime) -> ConfirmedMail | None:
    account = services.accounts.find(AccountRef(job.site, job.identifier))
    return (_confirmed_mail_of_former if job.former else _confirmed_mail_of_new)(services, job, account)


MAIL: Final = DescribedMail((IdentifierGiven,), _prove, "notice_mailed", "notice_dropped")


def _confirmed_mail_of_former(
    services: Services, job: IdentifierGiven, account: Account | None
) -> ConfirmedMail | None:
    """Check that the former family's account is closed or deleted, and build its letter."""
    if account and not account.disabled and _pseudonym(services, account) == job.family:
        return None
    words = Seal(services.settings.key_ring("jobs"), _KIND).open_text(job.former)
    name, spelling, address = words or ("", "", "")
    former = Account(AccountRef(job.site, job.identifier), name, (), "", display_identifier=spelling)
    return ConfirmedMail(former.ref, address or None, "identifier_given", _facts(services, job, former))


def _confirmed_mail_of_new(services: Services, job: IdentifierGiven, account: Account | None) -> ConfirmedMail | None:
    """Check that the account is the new family's, and build its letter."""
    if account is None or account.disabled or _pseudonym(services, account) != job.family:
        return None
    address = account.mailbox(job.mailbox, services.record.pseudonyms)
    return ConfirmedMail(account.ref, address, "identifier_given", _facts(services, job, account))


def _facts(services: Services, job: IdentifierGiven, account: Account) -> dict[str, object]:
    site = services.settings.network.site(job.site)
    return {"site": site, "given_at": job.asked_at, "account": account, "is_former": bool(job.former)}


def _pseudonym(services: Services, account: Account) -> str:
    """Make a pseudonym of a family by account and surname, since the other family's surname differs."""
    return services.record.pseudonyms.of("family", account.ref.site, account.ref.identifier, fold(account.name))
