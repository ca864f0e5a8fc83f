"""A guardian's own login, and separated coordinates: requested by the family, audited and done."""

import secrets
import shlex
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.account.coordinates import record_corrections
from chalicelib.domain.account.logins import invitable, opening_emails, same_guardian, why_no_login, with_login
from chalicelib.domain.family.corrections import Actor, new_decision
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.text import letters_of
from chalicelib.mail.account_jobs import LoginJobs
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase, MethodsRemoval
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

# The office's sentence for each obstacle to a guardian's login.
_WHY_NOT: Final = {
    "login_without_email": "invite_without_email",
    "login_email_shared": "invite_email_shared",
    "login_last_email": "invite_last_email",
}


@frozen
class GuardianInvitation:
    """The family before, the guardian invited, their login, and whether it already had one."""

    account: Account
    guardian: Guardian
    login: Account
    had_one: bool


def invite(services: Services, case: HelpdeskCase, name: str | None, now: datetime) -> GuardianInvitation:
    """Give a guardian their own login, and mail them the means to open it. Raises `OfficeRefusal`.

    `name`: a part of the guardian's, or their address. Until the login is used, repeating this only mails it again.
    """
    author = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    guardian = _guardian(account, name)
    _check(account, guardian)
    audit(services, account.ref, "login_invited", author, now)
    login = services.accounts.reserve_login(account, guardian)
    if login is None:
        raise OfficeRefusal("logins_used_up", typed=account.ref.identifier)
    if login.disabled:
        raise OfficeRefusal("login_closed", name=guardian.name, login=shlex.quote(login.display_identifier))
    if login.password or login.has_login_methods:
        raise OfficeRefusal("login_in_use", name=guardian.name)
    outbox = Outbox(services.post_box)
    jobs = LoginJobs(f"desk-{secrets.token_hex(8)}", now, new_decision())

    def decide(current: Account) -> Account:
        on_file = same_guardian(current, guardian) or _guardian(current, guardian.name)
        _check(current, on_file)
        if on_file.login:
            return current
        after = with_login(current, on_file, login.ref)
        return record_corrections(current, after, Actor("office", author.who), now, jobs.decision)

    def announce(_before: Account, after: Account) -> None:
        outbox.post(*jobs.all(after, login.ref, services.record.pseudonyms))

    change = services.accounts.revise(account.ref, decide, account, announce)
    if change is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    login_name = (same_guardian(change[1], guardian) or guardian).login
    if change[0] is change[1]:
        outbox.post(jobs.invitation(AccountRef(account.ref.site, login_name)))
    return GuardianInvitation(account, guardian, login, had_one=change[0] is change[1])


def _guardian(account: Account, name: str | None) -> Guardian:
    """Find the guardian. Raises `OfficeRefusal` with the choices."""
    candidates = invitable(account)
    guardians = [guardian for guardian in candidates if letters_of(name or "") in letters_of(guardian.name)]
    exact = [guardian for guardian in candidates if name and name in {guardian.name, guardian.email}]
    if len(guardians) != 1 and len(exact) != 1:
        names = " ; ".join(f"{guardian.name} {guardian.email}".strip() for guardian in candidates) or "aucun"
        raise OfficeRefusal("login_which", names=names)
    return (exact or guardians)[0]


def _check(account: Account, guardian: Guardian) -> None:
    if code := why_no_login(account, guardian):
        raise OfficeRefusal(_WHY_NOT[code], name=guardian.name, typed=account.ref.identifier)


def separate(services: Services, case: HelpdeskCase, now: datetime, *, is_on: bool) -> bool:
    """Separate the guardians' coordinates from now on, or share them again. Raises `OfficeRefusal`.

    When separated, the other guardian knew the family's password and may have linked their own FranceConnect, so all
    login methods end, with their sessions and unused mailed passwords. The first guardian is mailed a password at their
    own address, which is required. Returns whether the account changed.
    """
    author = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    if bool(account.separated_at) == is_on:
        return False
    if is_on and not opening_emails(replace(account, separated_at=now)):
        raise OfficeRefusal("separate_without_email", typed=account.ref.identifier)
    audit(services, account.ref, "separated" if is_on else "reunited", author, now)
    removal = MethodsRemoval(services, Actor("office", author.who), now)

    def decide(current: Account) -> Account:
        if bool(current.separated_at) == is_on:
            return current
        return removal.record(current, _separated(current, now)) if is_on else replace(current, separated_at=None)

    change = services.accounts.revise(account.ref, decide, account, removal.notify)
    if change is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return change[1] is not change[0]


def _separated(account: Account, now: datetime) -> Account:
    return replace(
        account,
        separated_at=now,
        password=None,
        mailed_passwords=(),
        passkeys=(),
        links=(),
        stamp=new_stamp(),
        pending_email=None,
    )
