"""Changes of the login methods of an account: each in one write with its trace, its notices posted before."""

from collections.abc import Callable

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import record_methods_change
from chalicelib.domain.family.corrections import Actor, Correction, SessionKind, new_decision
from chalicelib.domain.refusals import NotLoggedIn
from chalicelib.flows.family.security_notices import method_notices
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen


@frozen
class MethodsAuthor:
    """The author of a change, and how their session was opened. No session for the office."""

    actor: Actor
    session: SessionKind = ""


class MethodsChange:
    """One change of the login methods of an account, which may be decided again. Its notices are posted once."""

    def __init__(self, visit: Visit[Services], author: MethodsAuthor) -> None:
        self._visit = visit
        actor, session = author.actor, author.session
        self._trace = Correction("sign_in", (), (), actor, visit.now, new_decision(), session=session)
        self._notices = Outbox(visit.services.post_box)

    def record(self, before: Account, after: Account) -> Account:
        """Add the trace of the passkeys and links that changed, if any did."""
        return record_methods_change(before, after, self._trace)

    def notify(self, before: Account, after: Account) -> None:
        """Post the notices of a recorded change, before it is written. Raises `Unavailable`."""
        if self._is_recorded(after):
            self._notices.post(*method_notices(self._visit, before, self._trace.decision))

    def report(self, after: Account) -> None:
        """Write a recorded change, once it is stored, into the record."""
        if self._is_recorded(after):
            counts = {"passkeys": len(after.passkeys), "links": len(after.links)}
            self._visit.record("sign_in_changed", account=after.ref, address=self._visit.client.address, **counts)

    def _is_recorded(self, account: Account) -> bool:
        return any(correction.decision == self._trace.decision for correction in account.access_corrections)


def change_methods(
    visit: Visit[Services], login: Account, decide: Callable[[Account], Account], author: MethodsAuthor
) -> tuple[Account, Account]:
    """Change the passkeys and links of a login. Return it before and after. Idempotent as `decide` is.

    `decide` may raise, and is called again after a conflict. Raises `NotLoggedIn` if the account no longer exists.
    """
    change = MethodsChange(visit, author)

    def decide_recorded(current: Account) -> Account:
        return change.record(current, decide(current))

    revision = visit.services.accounts.revise(login.ref, decide_recorded, login, change.notify)
    if revision is None:
        raise NotLoggedIn
    change.report(revision[1])
    return revision
