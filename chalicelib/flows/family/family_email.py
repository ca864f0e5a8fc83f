"""Addresses changed by the family: asked for with the password; a new one is mailed a code, and counts once proven."""

from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.email_addresses import Choice, EmailChange, check_rate, choices, with_pending_email
from chalicelib.domain.account.email_proof import PendingEmail, digest, new_code
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.corrections import new_decision
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, NotThere, Undeliverable
from chalicelib.flows.family.change_password import is_current
from chalicelib.flows.family.family import AuthenticatedRequest, check_version, revise_account
from chalicelib.flows.family.family_code import EmailUpdate, check_allowed, version_of_emails
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.mail import letters
from chalicelib.mail.jobs import EmailCode
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class EmailChangeRequest:
    """What was typed: what to do (a `Choice`'s code), the new address, the password (trimmed as at login)."""

    action: str
    email: str = field(repr=False)
    current: str = field(repr=False)


def ask(
    services: Services, request: AuthenticatedRequest, change: EmailChangeRequest, submission: StepSubmission
) -> Token | None:
    """Take an address away, or have a code mailed to a new one: with the password only.

    Gives the token of the session that goes on where the others ended. Raises `FieldsRefused`, `SlowedDown`,
    `CodesSlowedDown`, `AddressesSlowedDown`, `CoordinatesMoved`, `NotThere`, `NotLoggedIn`.
    """
    check_allowed(services)
    account = request.visitor.account
    choice = next((choice for choice in choices(account) if choice.code == change.action), None)
    if refused := _refusals(account, choice, change) | request.visitor.speaker_refusals(submission.by):
        raise FieldsRefused(refused)
    if not is_current(services, request.visitor.login, change.current, request.client, request.now):
        services.record.write("email_refused", request.now, request.client.request, account=account.ref)
        raise FieldsRefused({"actuel": ("current_wrong",)})
    if choice is None:
        raise NotThere
    if choice.kind == "remove":
        return _remove(services, request, choice, submission)
    _wait_for_code(services, request, (choice, email_from(change.email)), submission)
    return None


def _refusals(account: Account, choice: Choice | None, change: EmailChangeRequest) -> dict[str, tuple[str, ...]]:
    """Look at what needs no secret, so that a slip in typing costs no try."""
    refused: dict[str, tuple[str, ...]] = {}
    if choice is None:
        refused["action"] = ("action_missing",)
    elif choice.kind != "remove" and (code := _wrong_with(change.email, account)):
        refused["email"] = (code,)
    if not change.current:
        refused["actuel"] = ("current_missing",)
    return refused


def _wrong_with(typed: str, account: Account) -> str | None:
    """Find what is wrong with a new address; whether another family has it is nobody's business."""
    email = email_from(typed)
    checks = {
        "email_new_missing": not typed,
        "email_malformed": not email,
        "email_not_ascii": not email.isascii(),
        "email_known": email in account.emails,
    }
    return next((code for code, is_so in checks.items() if is_so), None)


def _remove(
    services: Services, request: AuthenticatedRequest, choice: Choice, submission: StepSubmission
) -> Token | None:
    update, by = EmailUpdate(services, request), request.visitor.speaker_chosen(submission.by)

    def decide(current: Account) -> Account:
        seen = request.visitor.see(current)
        check_version(seen, version_of_emails(seen), submission.version, "emails", "guardians")
        return update.apply(current, EmailChange(removed=choice.email), by)

    return update.finish(revise_account(services, request, decide, update.announce)[1])


def _wait_for_code(
    services: Services, request: AuthenticatedRequest, addition: tuple[Choice, str], submission: StepSubmission
) -> None:
    (choice, email), by = addition, request.visitor.speaker_chosen(submission.by)

    def decide(current: Account) -> Account:
        seen = request.visitor.see(current)
        check_version(seen, version_of_emails(seen), submission.version, "emails", "guardians")
        check_rate(current, request.now)
        pending_email = PendingEmail(new_decision(), email, by, request.now, choice.email, choice.guardian)
        return with_pending_email(current, pending_email, request.now)

    _, after = revise_account(services, request, decide)
    if after.pending_email is None:
        raise NotLoggedIn
    ref, request_id = after.ref, request.client.request
    job = EmailCode(
        request=request_id,
        asked_at=request.now,
        site=ref.site,
        identifier=ref.identifier,
        name=after.pending_email.name,
    )
    services.post_box.post(job)
    services.record.write("email_code_asked", request.now, request_id, account=ref)


def mail_code(services: Services, job: EmailCode, now: datetime) -> None:
    """Mail a code to the address that waits under this name; delivered again, it mails another one: both work."""
    ref, code, pseudonyms = AccountRef(job.site, job.identifier), new_code(), services.record.pseudonyms

    def decide(current: Account) -> Account:
        if current.pending_email is None or _why_not(current, job, now):
            return current
        hidden = digest(pseudonyms, ref.site, ref.identifier, current.pending_email.email, code)
        return replace(current, pending_email=current.pending_email.with_code(hidden, job.request))

    before, after = services.accounts.revise(ref, decide) or (None, None)
    reason = _why_not(before, job, now)
    try:
        if reason is None and after and after.pending_email:
            services.mailer.send(_code_letter(services, ref, after.pending_email, code, now), ref)
    except Undeliverable:
        reason = "undeliverable"
    if reason:
        services.record.write("email_code_dropped", now, job.request, account=ref, reason=reason)
    else:
        services.record.write("email_code_mailed", now, job.request, account=ref)


def _why_not(account: Account | None, job: EmailCode, now: datetime) -> str | None:
    """Find why no code leaves: a form sent twice has one mailed already."""
    if account is None or account.disabled:
        return "closed"
    pending_email = account.pending_email
    if pending_email is None or pending_email.name != job.name:
        return "superseded"
    if not pending_email.is_open(now):
        return "stale"
    return "mailed" if any(code.request != job.request for code in pending_email.mailed) else None


def _code_letter(
    services: Services, ref: AccountRef, pending_email: PendingEmail, code: str, now: datetime
) -> letters.Letter:
    """Write to an address that may be a stranger's: nothing tells whose account it is."""
    network = services.settings.network
    facts = {"network": network, "site": network.site(ref.site), "code": code, "until": pending_email.expires_at}
    return letters.fill("email_code", pending_email.email, now, facts)
