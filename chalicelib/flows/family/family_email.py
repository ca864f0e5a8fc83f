"""Addresses changed by the family, with its password: a new one is mailed a code, and is on file once it is proven."""

from dataclasses import field, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import emails_state, record_corrections, trail
from chalicelib.domain.account.email_addresses import (
    AddressChoice,
    EmailChange,
    apply_email_change,
    check_rate,
    choices,
    with_pending_email,
)
from chalicelib.domain.account.email_proof import TRIES_AT_MOST, PendingEmail, code_from, digest, new_code
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.family.corrections import Actor, is_decision_of, new_decision
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn, NotThere
from chalicelib.flows.family.change_password import is_owner, missing_password
from chalicelib.flows.family.family import check_version, revise_account
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.flows.family.security_notices import email_notices
from chalicelib.flows.family.visit import Visitor
from chalicelib.mail.account_jobs import EmailCode
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Services, Visit
from chalicelib.services.mails import ConfirmedMail, DescribedMail
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.values import frozen, version_of


class CodeGone(FormRefusal):
    """No address is pending for this code: it expired, was tried too often, or was replaced by another."""

    code = "code_gone"


def version_of_emails(account: Account) -> str:
    """Compute the version of the addresses as a form shows them."""
    return version_of(emails_state(account))


def check_allowed(services: Services) -> None:
    """Refuse if the network allows no family to change addresses. Raises `NotThere`."""
    if "emails" not in services.settings.network.family.may_correct:
        raise NotThere


def prove(visit: Visit[Services], visitor: Visitor, text: str, name: str) -> Token | None:
    """Put a pending address on file if this is its code. `name`: of the pending address.

    Returns the token of the session that continues, if the others ended. Each wrong code is counted by a conditional
    write, so that five in all are compared, even of concurrent ones. Raises `FieldsRefused`, `CodeGone`,
    `AddressesSlowedDown`, `CoordinatesMoved`, `NotThere`, `NotLoggedIn`.
    """
    check_allowed(visit.services)
    code = code_from(text)
    if not code:
        raise FieldsRefused({"code": ("code_wrong" if text else "code_missing",)})
    update = EmailUpdate(visit, visitor, name)

    def decide(current: Account) -> Account:
        if _is_done(current, name):
            return current  # the same form sent twice
        pending_email = _pending_email(visitor.see(current), name, visit.now)
        if not _is_code(visit.services, current, pending_email, code):
            return replace(current, pending_email=pending_email.with_wrong_try())
        return update.apply(current, _email_change(pending_email), pending_email.by)

    try:
        before, after = revise_account(visit, visitor, decide, update.announce)
    except NotLoggedIn:
        return _repeat(visit, visitor, update, (name, code))
    if after.pending_email is not None and after.pending_email.name == name:
        _refuse(visit, visitor, after.pending_email)
    return update.finish(after) if after is not before else None


def _repeat(visit: Visit[Services], visitor: Visitor, update: "EmailUpdate", attempt: tuple[str, str]) -> Token:
    """Answer a form sent twice, if the first sending ended a mailed password and so every session.

    Its session was valid when it was sent, and its code right. Raises `NotLoggedIn` in any other case.
    """
    name, code = attempt
    if visitor.is_guardians:
        raise NotLoggedIn
    former, current = visitor.on_file, visit.services.accounts.find(visitor.on_file.ref)
    is_known = (
        former.pending_email is not None
        and former.pending_email.name == name
        and _is_code(visit.services, former, former.pending_email, code)
    )
    if current is None or current.disabled or current.password or not (is_known and _is_done(current, name)):
        raise NotLoggedIn
    return update.renew_session(current)


def _is_done(account: Account, name: str) -> bool:
    return any(is_decision_of(name, correction) for correction in trail(account))


def _is_code(services: Services, account: Account, pending_email: PendingEmail, code: str) -> bool:
    ref, pseudonyms = account.ref, services.record.pseudonyms
    return pending_email.is_proven_by(digest(pseudonyms, ref.site, ref.identifier, pending_email.email, code))


def _pending_email(account: Account, name: str, now: datetime) -> PendingEmail:  # as its login sees it
    """Find the pending address of a code. The address that it replaces must still be on file."""
    pending_email = account.pending_email
    if pending_email is None or pending_email.name != name or not pending_email.is_open(now):
        raise CodeGone
    if pending_email.replaced and pending_email.replaced not in account.emails:
        check_version(account, version_of_emails(account), "", "emails", "guardians")
    return pending_email


def _email_change(pending_email: PendingEmail) -> EmailChange:
    return EmailChange(pending_email.email, pending_email.replaced or None, pending_email.guardian)


def _refuse(visit: Visit[Services], visitor: Visitor, pending_email: PendingEmail) -> None:
    visit.record("email_code_refused", account=visitor.account.ref)
    if len(pending_email.tries) >= TRIES_AT_MOST:
        raise CodeGone
    raise FieldsRefused({"code": ("code_wrong",)})


class EmailUpdate:
    """A change of addresses. `of`: the name of the pending address."""

    def __init__(self, visit: Visit[Services], visitor: Visitor, of: str = "") -> None:
        self._visit = visit
        self._visitor = visitor
        self._decision = new_decision(of)
        self._login = visitor.login  # as it is once the change is written
        self._token = Token.new(self._login.ref.site)
        self._notices = Outbox(visit.services.post_box)

    def apply(self, current: Account, change: EmailChange, by: str) -> Account:
        """Apply a change to the account, with its trace. Raises `AddressesSlowedDown`."""
        now = self._visit.now
        check_rate(current, now)
        after = apply_email_change(current, change, self._visit.services.record.pseudonyms)
        return record_corrections(current, after, Actor("family", by), now, self._decision)

    def announce(self, before: Account, after: Account) -> None:
        """Notify the addresses on file, and open the session that continues, before the change is written.

        If the write then fails, the notice is dropped, and the session has a stamp that was never written: it opens
        nothing.
        """
        if all(correction.decision != self._decision for correction in trail(after)):
            return  # a wrong code is only counted
        self._notices.post(*email_notices(self._visit, self._visitor.see(before), self._decision))
        logins = self._visit.services.accounts.follow_guardians(before, after, self._check_open)
        self._login = logins.get(self._login.ref, self._login) if self._visitor.is_guardians else after
        if self._is_renewed:
            self.renew_session(self._login)

    def _check_open(self, login: Account) -> None:
        """Refuse if the session ended since then, unless by this very change. Raises `NotLoggedIn`."""
        if login.ref == self._login.ref and login.stamp not in {self._visitor.session.stamp, self._login.stamp}:
            raise NotLoggedIn

    def finish(self, after: Account) -> Token | None:
        """Record the change. Return the token of the new session, if any."""
        self._visit.record("email_changed", account=after.ref)
        return self._token if self._is_renewed else None

    def renew_session(self, login: Account) -> Token:
        """Open a session under the login's new stamp: the mailed password ended, but not the user's visit."""
        session = Session.go_on(self._token, login, self._visit.now, self._visitor.session, by="login")
        services = self._visit.services
        tries = services.attempts.clear(AttemptTimes.on_account(login.ref))
        services.database.write_together(services.sessions.put(session), tries)
        return self._token

    @property
    def _is_renewed(self) -> bool:
        return self._login.stamp != self._visitor.session.stamp


@frozen
class EmailChangeForm:
    """The typed fields: the action (an `AddressChoice`'s code), the new address, the password (trimmed as at login)."""

    action: str
    email: str = field(repr=False)
    current: str = field(repr=False)


def ask(visit: Visit[Services], visitor: Visitor, change: EmailChangeForm, submission: StepSubmission) -> Token | None:
    """Remove an address, or have a code mailed to a new one. Both need the password.

    Returns the token of the session that continues, if the others ended. Raises `FieldsRefused`, `SlowedDown`,
    `CodesSlowedDown`, `AddressesSlowedDown`, `CoordinatesMoved`, `NotThere`, `NotLoggedIn`.
    """
    check_allowed(visit.services)
    account = visitor.account
    choice = next((choice for choice in choices(account) if choice.code == change.action), None)
    errors = _refusals(account, choice, change)
    errors |= missing_password(visitor, "actuel", change.current, visit.now)
    if errors := errors | visitor.speaker_refusals(submission.by):
        raise FieldsRefused(errors)
    if not is_owner(visit, visitor, change.current):
        visit.record("email_refused", account=account.ref)
        raise FieldsRefused({"actuel": ("current_wrong",)})
    if choice is None:
        raise NotThere
    if choice.kind == "remove":
        return _remove(visit, visitor, choice, submission)
    _wait_for_code(visit, visitor, (choice, email_from(change.email)), submission)
    return None


def _refusals(account: Account, choice: AddressChoice | None, change: EmailChangeForm) -> dict[str, tuple[str, ...]]:
    """Check the fields that need no secret, so that a typing error costs no try."""
    errors: dict[str, tuple[str, ...]] = {}
    if choice is None:
        errors["action"] = ("action_missing",)
    elif choice.kind != "remove" and (code := _wrong_with(change.email, account)):
        errors["email"] = (code,)
    return errors


def _wrong_with(text: str, account: Account) -> str | None:
    """Return the error of a new address. That another family has it is not an error, so as not to reveal it."""
    email = email_from(text)
    checks = {
        "email_new_missing": not text,
        "email_malformed": not email,
        "email_not_ascii": not email.isascii(),
        "email_known": email in account.emails,
    }
    return next((code for code, is_so in checks.items() if is_so), None)


def _remove(
    visit: Visit[Services], visitor: Visitor, choice: AddressChoice, submission: StepSubmission
) -> Token | None:
    update, by = EmailUpdate(visit, visitor), visitor.speaker_chosen(submission.by)

    def decide(current: Account) -> Account:
        visible = visitor.see(current)
        check_version(visible, version_of_emails(visible), submission.version, "emails", "guardians")
        return update.apply(current, EmailChange(removed=choice.email), by)

    return update.finish(revise_account(visit, visitor, decide, update.announce)[1])


def _wait_for_code(
    visit: Visit[Services], visitor: Visitor, addition: tuple[AddressChoice, str], submission: StepSubmission
) -> None:
    (choice, email), by, now = addition, visitor.speaker_chosen(submission.by), visit.now

    def decide(current: Account) -> Account:
        visible = visitor.see(current)
        check_version(visible, version_of_emails(visible), submission.version, "emails", "guardians")
        check_rate(current, now)
        pending_email = PendingEmail(new_decision(), email, by, now, choice.email, choice.guardian)
        return with_pending_email(current, pending_email, now)

    _, after = revise_account(visit, visitor, decide)
    if after.pending_email is None:
        raise NotLoggedIn
    ref = after.ref
    job = EmailCode(
        request=visit.client.request,
        asked_at=now,
        site=ref.site,
        identifier=ref.identifier,
        name=after.pending_email.name,
    )
    visit.services.post_box.post(job)
    visit.record("email_code_asked", account=ref)


def _prove(services: Services, job: EmailCode, now: datetime) -> ConfirmedMail | str:
    """Write a code of the pending address of this name. A redelivered job writes a second code: both work."""
    ref, code, pseudonyms = AccountRef(job.site, job.identifier), new_code(), services.record.pseudonyms

    def decide(current: Account) -> Account:
        if current.pending_email is None or _why_not(current, job, now):
            return current
        code_digest = digest(pseudonyms, ref.site, ref.identifier, current.pending_email.email, code)
        return replace(current, pending_email=current.pending_email.with_code(code_digest, job.request))

    before, after = services.accounts.revise(ref, decide) or (None, None)
    reason, pending_email = _why_not(before, job, now), after.pending_email if after else None
    if reason or pending_email is None:
        return reason or "closed"
    # Without the account: the address may be a stranger's.
    facts = {"site": services.settings.network.site(ref.site), "code": code, "until": pending_email.expires_at}
    return ConfirmedMail(ref, pending_email.email, "email_code", facts)


def _why_not(account: Account | None, job: EmailCode, now: datetime) -> str | None:
    """Return the reason not to mail a code. A form sent twice has one mailed already."""
    if account is None or account.disabled:
        return "closed"
    pending_email = account.pending_email
    if pending_email is None or pending_email.name != job.name:
        return "superseded"
    if not pending_email.is_open(now):
        return "stale"
    return "mailed" if any(code.request != job.request for code in pending_email.mailed) else None


CODE: Final = DescribedMail((EmailCode,), _prove, "email_code_mailed", "email_code_dropped")
