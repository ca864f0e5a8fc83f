"""Addresses changed by the family: asked for with the password; a new one is mailed a code, and counts once proven."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.email_addresses import Choice, Readdressing, check_pace, choices, with_unproven
from chalicelib.domain.account.email_proof import Unproven, digest, new_code
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.family.corrections import new_decision
from chalicelib.domain.refusals import FieldsRefused, NotLoggedIn, NotThere, Undeliverable
from chalicelib.flows.change_password import is_current
from chalicelib.flows.family import Inside, check_mark, revised
from chalicelib.flows.family_code import Readdressed, check_allowed, mark_of_emails
from chalicelib.flows.reenrolment import Said
from chalicelib.mail import letters
from chalicelib.mail.jobs import EmailCode
from chalicelib.services import Services


@dataclass(frozen=True)
class Wish:
    """What was typed: what to do (a `Choice`'s code), the new address, the password (trimmed as at login)."""

    action: str
    email: str = field(repr=False)
    current: str = field(repr=False)


def ask(services: Services, inside: Inside, wish: Wish, said: Said) -> Token | None:
    """Take an address away, or have a code mailed to a new one: with the password only.

    Gives the token of the session that goes on where the others ended. Raises `FieldsRefused`, `SlowedDown`,
    `CodesSlowedDown`, `AddressesSlowedDown`, `CoordinatesMoved`, `NotThere`, `NotLoggedIn`.
    """
    check_allowed(services)
    account = inside.visitor.account
    choice = next((each for each in choices(account) if each.code == wish.action), None)
    if refused := _refusals(account, choice, wish) | inside.visitor.unsaid(said.by):
        raise FieldsRefused(refused)
    if not is_current(services, account, wish.current, inside.client, inside.now):
        services.record.write("email_refused", inside.now, inside.client.request, account=account.ref)
        raise FieldsRefused({"actuel": ("current_wrong",)})
    if choice is None:
        raise NotThere
    if choice.kind == "remove":
        return _remove(services, inside, choice, said)
    _wait_for_code(services, inside, (choice, email_from(wish.email)), said)
    return None


def _refusals(account: Account, choice: Choice | None, wish: Wish) -> dict[str, tuple[str, ...]]:
    """Look at what needs no secret, so that a slip in typing costs no try."""
    refused: dict[str, tuple[str, ...]] = {}
    if choice is None:
        refused["action"] = ("action_missing",)
    elif choice.kind != "remove" and (code := _wrong_with(wish.email, account)):
        refused["email"] = (code,)
    if not wish.current:
        refused["actuel"] = ("current_missing",)
    return refused


def _wrong_with(typed: str, account: Account) -> str | None:
    """Say what is wrong with a new address; whether another family has it is nobody's business."""
    email = email_from(typed)
    checks = {
        "email_new_missing": not typed,
        "email_malformed": not email,
        "email_not_ascii": not email.isascii(),
        "email_known": email in account.emails,
    }
    return next((code for code, is_so in checks.items() if is_so), None)


def _remove(services: Services, inside: Inside, choice: Choice, said: Said) -> Token | None:
    change, by = Readdressed(services, inside), inside.visitor.speaking(said.by)

    def decide(found: Account) -> Account:
        check_mark(found, mark_of_emails(found), said.shown, "emails", "guardians")
        return change.apply(found, Readdressing(removed=choice.email), by)

    return change.done(revised(services, inside, decide)[1])


def _wait_for_code(services: Services, inside: Inside, asked: tuple[Choice, str], said: Said) -> None:
    (choice, email), by = asked, inside.visitor.speaking(said.by)

    def decide(found: Account) -> Account:
        check_mark(found, mark_of_emails(found), said.shown, "emails", "guardians")
        check_pace(found, inside.now)
        unproven = Unproven(new_decision(), email, by, inside.now, choice.email, choice.guardian)
        return with_unproven(found, unproven, inside.now)

    _, after = revised(services, inside, decide)
    if after.unproven is None:
        raise NotLoggedIn
    ref, request = after.ref, inside.client.request
    job = EmailCode(
        request=request, asked_at=inside.now, site=ref.site, identifier=ref.identifier, name=after.unproven.name
    )
    services.post_box.post(job)
    services.record.write("email_code_asked", inside.now, request, account=ref)


def mail_code(services: Services, job: EmailCode, now: datetime) -> None:
    """Mail a code to the address that waits under this name; delivered again, it mails another one: both work."""
    ref, code = AccountRef(job.site, job.identifier), new_code()

    def decide(found: Account) -> Account:
        if found.unproven is None or _why_not(found, job, now):
            return found
        hidden = digest(ref.site, ref.identifier, found.unproven.email, code)
        return replace(found, unproven=found.unproven.with_code(hidden, job.request))

    before, after = services.accounts.revise(ref, decide) or (None, None)
    reason = _why_not(before, job, now)
    try:
        if reason is None and after and after.unproven:
            services.mailer.send(_code_letter(services, ref, after.unproven, code, now), ref)
    except Undeliverable:
        reason = "undeliverable"
    if reason:
        services.record.write("email_code_dropped", now, job.request, account=ref, reason=reason)
    else:
        services.record.write("email_code_mailed", now, job.request, account=ref)


def _why_not(account: Account | None, job: EmailCode, now: datetime) -> str | None:
    """Say why no code leaves: a form sent twice has one mailed already."""
    if account is None or account.disabled:
        return "closed"
    unproven = account.unproven
    if unproven is None or unproven.name != job.name:
        return "superseded"
    if not unproven.is_open(now):
        return "stale"
    return "mailed" if any(each.request != job.request for each in unproven.mailed) else None


def _code_letter(services: Services, ref: AccountRef, unproven: Unproven, code: str, now: datetime) -> letters.Letter:
    """Write to an address that may be a stranger's: nothing tells whose account it is."""
    network = services.settings.network
    facts = {"network": network, "site": network.site(ref.site), "code": code, "until": unproven.expires_at}
    return letters.fill("email_code", unproven.email, now, facts)
