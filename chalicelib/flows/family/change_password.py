"""Change a password: check the current one, apply the rule to the new one, and end every other session."""

from dataclasses import field
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.coordinates import record_password_change
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotLoggedIn, SlowedDown, WriteConflict
from chalicelib.flows.family.login import Credentials, log_in, opens, tries_of
from chalicelib.flows.family.security_notices import password_notices
from chalicelib.flows.family.visit import Visitor
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Services, Visit
from chalicelib.values import frozen


@frozen
class PasswordChange:
    """The typed fields: the current password (trimmed as at login), the new one twice (as typed, canonical)."""

    current: str = field(repr=False)
    new: str = field(repr=False)
    confirmation: str = field(repr=False)


def change_password(visit: Visit[Services], visitor: Visitor, change: PasswordChange) -> Token:
    """Change the password, and return the token of the session that continues.

    Raises `FieldsRefused`, `SlowedDown`, or `NotLoggedIn` if another change came first (it ended this session).
    """
    services = visit.services
    account = visitor.login
    errors = _refusals(visit, visitor, change)
    if errors:
        raise FieldsRefused(errors)
    if not is_owner(visit, visitor, change.current):
        visit.record("password_change_refused", account=account.ref, address=visit.client.address)
        raise FieldsRefused({"actuel": ("current_wrong",)})
    after = account.with_password(services.hasher.hash(change.new), "chosen", visit.now)
    after = record_password_change(account, after, visitor.session.opened_by, visit.now)
    Outbox(services.post_box).post(*password_notices(visit, after))
    token = Token.new(account.ref.site)
    session = Session.go_on(token, after, visit.now, visitor.session, by="change")
    # Before the account: if that write fails, the session has a stamp that was never written, and opens nothing.
    services.database.write_together(services.sessions.put(session))
    try:
        services.accounts.change(account, after)
    except WriteConflict:
        return repeat(visit, account.ref, change)
    visit.record("password_changed", account=account.ref, address=visit.client.address)
    return token


def repeat(visit: Visit[Services], ref: AccountRef, change: PasswordChange) -> Token:
    """Answer a form that another change preceded: if both set the same password (a double click), log in with it.

    Raises `NotLoggedIn` otherwise: the session is over.
    """
    if not change.new or change.new != change.confirmation:
        raise NotLoggedIn
    try:
        return log_in(visit, Credentials(ref, change.new), opened_by="change")
    except FormRefusal:
        raise NotLoggedIn from None


def _refusals(visit: Visit[Services], visitor: Visitor, change: PasswordChange) -> dict[str, tuple[str, ...]]:
    """Check the fields that need no secret, so that a typing error costs no try.

    A proof does not replace an existing password (OWASP ASVS 5.0, 6.2.3).
    """
    is_missing = not change.current and (visitor.login.password is not None or not visitor.may_omit_password(visit.now))
    missing = {"actuel": ("current_missing",)} if is_missing else {}
    return missing | new_password_refusals(visit.services, visitor.login, visitor.on_file, change)


def new_password_refusals(
    services: Services, login: Account, family: Account, change: PasswordChange
) -> dict[str, tuple[str, ...]]:
    """Check a new password of a login, by the rule and against the words that an attacker knows of its family."""
    errors: dict[str, tuple[str, ...]] = {}
    rule = services.settings.network.passwords.rule
    if not change.new:
        errors["nouveau"] = ("new_missing",)
    elif violations := rule.violations(change.new, login.ref.identifier, *_names(services, login, family)):
        errors["nouveau"] = violations
    elif change.new == change.current:
        errors["nouveau"] = ("password_same",)
    if not change.confirmation:
        errors["confirmation"] = ("confirmation_missing",)
    elif change.confirmation != change.new:
        errors["confirmation"] = ("confirmation_differs",)
    return errors


def _names(services: Services, login: Account, account: Account) -> tuple[str, ...]:
    """List the words that an attacker knows of a family: its conservatoires, its people and its addresses."""
    network, household = services.settings.network, account.household
    return (
        network.name,
        network.agglomeration,
        *(site.name for site in network.sites),
        account.name,
        account.display_identifier,
        login.display_identifier,
        household.payer,
        *(guardian.name for guardian in household.guardians),
        *(pupil.name for pupil in household.pupils),
        *(
            email.partition("@")[0]
            for email in (*account.emails, *(guardian.email for guardian in household.guardians))
        ),
    )


def missing_password(visitor: Visitor, name: str, password: str, now: datetime) -> dict[str, tuple[str, ...]]:
    """Return the error of a form without the current password, unless a proof replaces it. `name`: of its field."""
    return {} if password or visitor.may_omit_password(now) else {name: ("current_missing",)}


def is_owner(visit: Visit[Services], visitor: Visitor, password: str) -> bool:
    """Check the current password as `is_current` does, or without one the proof that replaces it."""
    if not password and visitor.may_omit_password(visit.now):
        return True
    return is_current(visit, visitor.login, password)


def is_current(visit: Visit[Services], account: Account, password: str) -> bool:
    """Check the current password, and count a try as at login: a stolen session alone must not take over the account.

    OWASP ASVS 5.0 requires this before an address (7.5.1) or the password (6.2.3) changes. As at login, the right
    password clears the tries, whether or not the form is then accepted. Raises `SlowedDown`.
    """
    tries = tries_of(account, visit.client, visit.now)
    try:
        visit.services.attempts.reserve(tries, LOGIN_OF_ACCOUNT, visit.now)
    except SlowedDown:
        visit.record("login_slowed", account=account.ref, address=visit.client.address)
        raise
    if not opens(visit, account, password):
        return False
    visit.services.database.write_together(visit.services.attempts.clear(tries))
    return True
