"""A guardian's telephone corrected by the office: a notice to the family first, then one write."""

import hashlib
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import form_state, last_correction, part_of, record_corrections, with_part
from chalicelib.domain.account.separation import as_addressed
from chalicelib.domain.family.corrections import Actor, new_decision
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail import letters
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


@frozen
class TelephoneChange:
    """A guardian by place, from 1, its new telephone, and the version of the telephones on the page (`version_of`)."""

    guardian: int
    telephone: str
    seen: str


@frozen
class TelephoneResult:
    """Whether the telephone changed, and the mailboxes notified."""

    has_changed: bool
    notified: tuple[str, ...] = ()


def version_of(account: Account) -> str:
    """Digest the guardians and their telephones: each change gives another version."""
    return hashlib.blake2b(repr(form_state(account, "telephones")).encode(), digest_size=8).hexdigest()


def correct_telephone(
    services: Services, case: HelpdeskCase, change: TelephoneChange, now: datetime
) -> TelephoneResult:
    """Correct a guardian's telephone. Idempotent. Raises `OfficeRefusal`.

    The notice is sent before the change, so that no change goes without one. If the change then fails, the notice was
    sent in vain.
    """
    by = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    if _corrected(account, change) is account:
        return TelephoneResult(has_changed=False)
    audit(services, account.ref, "telephone_changed", by, now)
    notified: list[str] = []
    actor, decision = Actor("office", by.who), new_decision()

    def decide(current: Account) -> Account:
        return record_corrections(current, _corrected(current, change), actor, now, decision)

    def notify(before: Account, _after: Account) -> None:
        notified.extend(_notify(services, before, before.household.guardians[change.guardian - 1], notified, now))

    revised = services.accounts.revise(account.ref, decide, account, notify)
    if revised is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return TelephoneResult(revised[0] is not revised[1], tuple(notified))


def _corrected(account: Account, change: TelephoneChange) -> Account:
    """Change the telephone in an account, the same one if it has it already. Raises `OfficeRefusal`."""
    telephones = part_of(account.household, "telephones")
    place = change.guardian - 1
    is_there = 0 <= place < len(telephones)
    if is_there and telephones[place] == change.telephone:
        return account
    if not is_there or change.seen != version_of(account):
        raise OfficeRefusal("telephone_moved", change=last_correction(account, "telephones", "guardians"))
    values = (*telephones[:place], change.telephone, *telephones[place + 1 :])
    return replace(account, household=with_part(account.household, "telephones", values))


def _notify(services: Services, account: Account, guardian: Guardian, notified: list[str], now: datetime) -> list[str]:
    """Mail the notice to the working addresses not notified yet, those of the guardian alone if separated."""
    sent = []
    facts = {"network": services.settings.network, "site": services.settings.network.site(account.ref.site)}
    for email in account.reachable(services.record.pseudonyms):
        if email in notified or (account.separated_at and email != guardian.email):
            continue
        seen = as_addressed(account, email)
        more = {"account": seen, "guardian": guardian.name, "changed_at": now}
        try:
            services.mailer.send(letters.fill("telephone_changed", email, now, facts | more), account.ref)
        except Undeliverable:
            continue
        sent.append(email)
    return sent
