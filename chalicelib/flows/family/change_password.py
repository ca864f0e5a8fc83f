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
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen


@frozen
class PasswordChange:
    """The typed fields: the current password (trimmed as at login), the new one twice (as typed, canonical)."""

    current: str = field(repr=False)
    new: str = field(repr=False)
    confirmation: str = field(repr=False)


def change_password(
    services: Services, visitor: Visitor, change: PasswordChange, client: Client, now: datetime
) -> Token:
    """Change the password, and return the token of the session that continues.

    Raises `FieldsRefused`, `SlowedDown`, or `NotLoggedIn` if another change came first (it ended this session).
    """
    account = visitor.login
    refused = _refusals(services, visitor, change, now)
    if refused:
        raise FieldsRefused(refused)
    if not is_owner(services, visitor, change.current, client, now):
        services.record.write(
            "password_change_refused", now, client.request, account=account.ref, address=client.address
        )
        raise FieldsRefused({"actuel": ("current_wrong",)})
    after = account.with_password(services.hasher.hash(change.new), "chosen", now)
    after = record_password_change(account, after, visitor.session.opened_by, now)
    Outbox(services.post_box).post(*password_notices(services, after, client, now))
    token = Token.new(account.ref.site)
    session = Session.go_on(token, after, now, visitor.session, by="change")
    # Before the account: if that write fails, the session has a stamp that was never written, and opens nothing.
    services.database.write_together(services.sessions.put(session))
    try:
        services.accounts.change(account, after)
    except WriteConflict:
        return repeat(services, account.ref, change, client, now)
    services.record.write("password_changed", now, client.request, account=account.ref, address=client.address)
    return token


def repeat(services: Services, ref: AccountRef, change: PasswordChange, client: Client, now: datetime) -> Token:
    """Answer a form that another change preceded: if both set the same password (a double click), log in with it.

    Raises `NotLoggedIn` otherwise: the session is over.
    """
    if not change.new or change.new != change.confirmation:
        raise NotLoggedIn
    try:
        return log_in(services, Credentials(ref, change.new), client, now, opened_by="change")
    except FormRefusal:
        raise NotLoggedIn from None


def _refusals(
    services: Services, visitor: Visitor, change: PasswordChange, now: datetime
) -> dict[str, tuple[str, ...]]:
    """Check the fields that need no secret, so that a typing error costs no try.

    A proof replaces no password that there is (OWASP ASVS 5.0, 6.2.3).
    """
    is_missing = not change.current and (visitor.login.password is not None or not visitor.may_omit_password(now))
    missing = {"actuel": ("current_missing",)} if is_missing else {}
    return missing | new_password_refusals(services, visitor.login, visitor.on_file, change)


def new_password_refusals(
    services: Services, login: Account, family: Account, change: PasswordChange
) -> dict[str, tuple[str, ...]]:
    """Check a new password of a login, by the rule and against the words that an attacker knows of its family."""
    refused: dict[str, tuple[str, ...]] = {}
    rule = services.settings.network.passwords.rule
    if not change.new:
        refused["nouveau"] = ("new_missing",)
    elif broken := rule.violations(change.new, login.ref.identifier, *_names(services, login, family)):
        refused["nouveau"] = broken
    elif change.new == change.current:
        refused["nouveau"] = ("password_same",)
    if not change.confirmation:
        refused["confirmation"] = ("confirmation_missing",)
    elif change.confirmation != change.new:
        refused["confirmation"] = ("confirmation_differs",)
    return refused


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


def missing_password(visitor: Visitor, name: str, typed: str, now: datetime) -> dict[str, tuple[str, ...]]:
    """Return the error of a form without the current password, unless a proof replaces it. `name`: of its field."""
    return {} if typed or visitor.may_omit_password(now) else {name: ("current_missing",)}


def is_owner(services: Services, visitor: Visitor, typed: str, client: Client, now: datetime) -> bool:
    """Check the current password as `is_current` does, or without one the proof that replaces it."""
    if not typed and visitor.may_omit_password(now):
        return True
    return is_current(services, visitor.login, typed, client, now)


def is_current(services: Services, account: Account, typed: str, client: Client, now: datetime) -> bool:
    """Check the current password, and count a try as at login: a stolen session alone must not take over the account.

    OWASP ASVS 5.0 requires this before an address (7.5.1) or the password (6.2.3) changes. As at login, the right
    password clears the tries, whether or not the form is then accepted. Raises `SlowedDown`.
    """
    tries = tries_of(account, client, now)
    try:
        services.attempts.reserve(tries, LOGIN_OF_ACCOUNT, now)
    except SlowedDown:
        services.record.write("login_slowed", now, client.request, account=account.ref, address=client.address)
        raise
    if not opens(services, account, typed, client, now):
        return False
    services.database.write_together(services.attempts.clear(tries))
    return True
