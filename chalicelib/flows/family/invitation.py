"""Invite the second guardian to their own login, by the first one with its password, and mail the invitation."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import record_corrections, trail
from chalicelib.domain.account.logins import (
    family_ref,
    guardian_of,
    invitable,
    opens,
    same_guardian,
    why_no_login,
    with_login,
)
from chalicelib.domain.family.corrections import Actor, new_decision
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.flows.family.change_password import is_owner, missing_password
from chalicelib.flows.family.family import revise_account
from chalicelib.flows.family.visit import Visitor
from chalicelib.mail.account_jobs import GuardianInvited, LoginJobs
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Services, Visit
from chalicelib.services.mails import ConfirmedMail, DescribedMail
from chalicelib.values import frozen

# The guardian does not expect this mail, which may wait a weekend. After this, « Mot de passe perdu » mails another
# one.
LIFETIME: Final = timedelta(days=7)


@frozen
class InvitationForm:
    """The typed fields: the number of a guardian, the sender's name, and the password (trimmed as at login)."""

    guardian: str
    by: str
    current: str = field(repr=False)


def guardians(visitor: Visitor) -> dict[str, Guardian]:
    """List the guardians to invite, by their numbers in the form. Raises `NotThere` for a guardian's own login."""
    if visitor.is_guardians:
        raise NotThere
    account = visitor.on_file
    choices = invitable(account)
    return {str(n): guardian for n, guardian in enumerate(account.household.guardians, 1) if guardian in choices}


def invite(visit: Visit[Services], visitor: Visitor, form: InvitationForm) -> Guardian:
    """Give a guardian their own login and mail it. Until the login is used, a second call only mails again.

    Raises `FieldsRefused`, `SlowedDown`, `NotThere`, `NotLoggedIn`. The login is written before the family's account
    names it: a fault in between leaves a login that opens nothing, which the same form then uses.
    """
    guardian = guardians(visitor).get(form.guardian)
    if errors := _refusals(visitor, visit.now, guardian, form):
        raise FieldsRefused(errors)
    login = visitor.login
    if not is_owner(visit, visitor, form.current):
        visit.record("login_invite_refused", account=login.ref)
        raise FieldsRefused({"actuel": ("current_wrong",)})
    if guardian is None:
        raise NotThere
    _give_login(visit, visitor, guardian, visitor.speaker_chosen(form.by))
    return guardian


def _refusals(
    visitor: Visitor, now: datetime, guardian: Guardian | None, form: InvitationForm
) -> dict[str, tuple[str, ...]]:
    """Check the fields that need no secret, so that a typing error costs no try."""
    errors: dict[str, tuple[str, ...]] = {}
    code = why_no_login(visitor.on_file, guardian) if guardian else "guardian_missing"
    if code:
        errors["responsable"] = (code,)
    errors |= missing_password(visitor, "actuel", form.current, now)
    return errors | visitor.speaker_refusals(form.by)


def _give_login(visit: Visit[Services], visitor: Visitor, guardian: Guardian, by: str) -> None:
    login = visit.services.accounts.reserve_login(visitor.on_file, guardian)
    if login is None:
        raise FieldsRefused({"responsable": ("logins_used_up",)})
    if login.password or login.has_login_methods or login.disabled:
        raise FieldsRefused({"responsable": ("login_closed" if login.disabled else "login_in_use",)})
    outbox, pseudonyms = Outbox(visit.services.post_box), visit.services.record.pseudonyms
    jobs = LoginJobs(visit.client.request, visit.now, new_decision())

    def decide(current: Account) -> Account:
        now_on_file = same_guardian(current, guardian)
        if now_on_file is None:
            raise FieldsRefused({"responsable": ("guardian_missing",)})
        if code := why_no_login(current, now_on_file):
            raise FieldsRefused({"responsable": (code,)})
        if now_on_file.login:
            return current
        after = with_login(current, now_on_file, login.ref)
        return record_corrections(current, after, Actor("family", by), visit.now, jobs.decision)

    def announce(_before: Account, after: Account) -> None:
        outbox.post(*jobs.all(after, login.ref, pseudonyms))

    before, after = revise_account(visit, visitor, decide, announce)
    if after is before:
        latest = same_guardian(after, guardian) or guardian
        outbox.post(jobs.invitation(AccountRef(login.ref.site, latest.login)))
    visit.record("login_invited", account=after.ref)


def _prove(services: Services, job: GuardianInvited, now: datetime) -> ConfirmedMail | str | None:
    """Add a mailed password to a login that is not in use yet. A repeated call adds another: both work."""
    ref = AccountRef(job.site, job.identifier)
    login = services.accounts.find(ref)
    family = services.accounts.find(family_ref(login)) if login else None
    if login is None or family is None or not opens(family, login):
        return None
    password, guardian = passwords.mailed_password(), guardian_of(family, ref)
    if guardian:
        services.accounts.follow_guardian(ref, guardian)

    def decide(account: Account) -> Account:
        return (
            account
            if _why_not(account, job, now)
            else account.with_mailed_password(password, job.request, now, LIFETIME)
        )

    before, _ = services.accounts.revise(ref, decide) or (None, None)
    if before is None or (reason := _why_not(before, job, now)):
        return reason if before else "closed"
    return ConfirmedMail(family.ref, before.emails[0], "invitation", _facts(services, family, before, password, now))


def _why_not(login: Account, job: GuardianInvited, now: datetime) -> str | None:
    if login.disabled:
        return "closed"
    if login.password or login.has_login_methods:
        return "in_use"
    if job.is_stale(now) or not login.emails:
        return "stale" if login.emails else "no_address"
    return None if login.may_be_mailed(job.request, now) else "too_soon"


def _facts(services: Services, family: Account, login: Account, password: str, now: datetime) -> dict[str, object]:
    gifts = (change for change in reversed(trail(family)) if change.what == "logins" and login.name in change.new)
    actor = next(gifts, None)
    return {
        "site": services.settings.network.site(login.ref.site),
        "account": login,
        "family": family.name,
        "who": actor.actor.who if actor and actor.actor.side == "family" else "",
        "password": password,
        "until": now + LIFETIME,
    }


MAIL: Final = DescribedMail((GuardianInvited,), _prove, "invitation_mailed", "invitation_dropped", unwritten="not_so")
