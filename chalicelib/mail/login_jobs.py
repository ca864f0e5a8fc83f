"""The jobs of a guardian's own login: the mail that invites, and the notices to the addresses of the first login."""

from datetime import datetime
from functools import partial

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.logins import opening_emails
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.mail.jobs import GuardianInvited, Job, LoginAdded
from chalicelib.values import frozen


@frozen
class LoginJobs:
    """Who asks for a login, and when: a request of a page or of a command; `decision`: its name in the trail."""

    request: str
    asked_at: datetime
    decision: str

    def invitation(self, login: AccountRef) -> GuardianInvited:
        """Make the job of the mail that invites."""
        return GuardianInvited(
            request=self.request, asked_at=self.asked_at, site=login.site, identifier=login.identifier
        )

    def all(self, family: Account, login: AccountRef, pseudonyms: Pseudonyms) -> tuple[Job, ...]:
        """Make the jobs of a login that is about to be the family's."""
        ref = family.ref
        notice = partial(LoginAdded, request=self.request, asked_at=self.asked_at, site=ref.site)
        notices = (
            notice(identifier=ref.identifier, decision=self.decision, mailbox=pseudonyms.of_mailbox(email))
            for email in opening_emails(family)
        )
        return (self.invitation(login), *notices)
