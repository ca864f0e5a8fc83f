"""An address suppressed by SES after a bounce or complaint: lifted once it works again."""

from dataclasses import field
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Suppression
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


@frozen
class AddressStatus:
    """An address on file of an account, the reason of its suppression by SES, and its failures, if any."""

    account: Account
    email: str = field(repr=False)
    suppression: Suppression | None
    failing: FailingMailbox | None

    @property
    def is_complaint(self) -> bool:
        """Whether its owner complained of our mails, which only the family can take back."""
        return any(fault.kind == "complained" for fault in (self.suppression, self.failing) if fault)


@frozen
class LiftResult:
    """The suppressions lifted: at SES, on the account, and on other accounts with the same address."""

    address: AddressStatus
    accounts: tuple[AccountRef, ...]

    @property
    def has_changed(self) -> bool:
        """Whether any suppression was lifted."""
        return bool(self.address.suppression or self.address.failing or self.accounts)


def find_address(services: Services, case: HelpdeskCase, text: str | None) -> AddressStatus:
    """Find the suppressed or failing address: the typed one, or the only one. Raises `OfficeRefusal`."""
    account = find_account(services, case.identifier, case.site)
    address_statuses = [_status_of(services, account, email) for email in _candidates(account, text)]
    if len(address_statuses) > 1:
        address_statuses = [
            status for status in address_statuses if status.suppression or status.failing
        ] or address_statuses
    if len(address_statuses) != 1:
        raise OfficeRefusal("unsuppress_which", emails=account.emails)
    return address_statuses[0]


def lift(services: Services, author: Author, address: AddressStatus, now: datetime) -> LiftResult:
    """Lift an address's suppression at SES, and delete its failures on every account. Raises `OfficeRefusal`.

    SES comes first: after a fault, the remaining marks go when the act is repeated. A later bounce marks the address
    again.
    """
    author = check_author(author)
    mailbox = services.record.pseudonyms.of_mailbox(address.email)
    if address.suppression or address.failing:
        audit(services, address.account.ref, "unsuppressed", author, now)
    if address.suppression:
        services.mailer.lift(address.email)
    if address.failing:
        _forget(services, address.account, mailbox, now)
    accounts = _others_failing(services, address.account.ref, mailbox)
    for account in accounts:
        audit(services, account.ref, "unsuppressed", author, now)
        _forget(services, account, mailbox, now)
    return LiftResult(address, tuple(account.ref for account in accounts))


def _others_failing(services: Services, ref: AccountRef, mailbox: str) -> tuple[Account, ...]:
    """Find the other accounts, at any site, on which this address is marked as failing."""
    refs = [other for other in services.mailboxes.find(mailbox).refs if other != ref]
    accounts = filter(None, services.accounts.find_all(*refs)) if refs else ()
    return tuple(
        account for account in accounts if any(failing.mailbox == mailbox for failing in account.failing_mailboxes)
    )


def _forget(services: Services, account: Account, mailbox: str, now: datetime) -> None:
    services.accounts.revise(account.ref, lambda found: found.without_failing_mailbox(mailbox, now), account)


def _candidates(account: Account, text: str | None) -> tuple[str, ...]:
    if text is None:
        return account.emails
    email = email_from(text) or text
    if email not in account.emails:
        raise OfficeRefusal("email_not_on_file", email=text, emails=account.emails)
    return (email,)


def _status_of(services: Services, account: Account, email: str) -> AddressStatus:
    mailbox = services.record.pseudonyms.of_mailbox(email)
    mark = next((failing for failing in account.failing_mailboxes if failing.mailbox == mailbox), None)
    return AddressStatus(account, email, services.mailer.suppression(email), mark)
