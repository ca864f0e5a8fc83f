"""Logins: tries at a password with their outcomes, mailed passwords, and the sessions that they open."""

from typing import Any, Final

from chalicelib.domain.account import passwords
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.login import Credentials, OpenedSession, open_session
from chalicelib.flows.family.lost_password import LostPasswordForm, request_password
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.stores.attempts import AttemptTimes
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

WRONG: Final = "Faux1234"
HERE: Final = "192.0.2.7"


def enter(
    world: World, password: str = PASSWORD, ref: AccountRef = ROSSIGNOL, cookie: str = "", address: str = HERE
) -> OpenedSession:
    """Log in. `cookie`: of a known browser."""
    return open_session(world.visit(address=address, devices=cookie), Credentials(ref, password))


def attempt(world: World, password: str = PASSWORD, ref: AccountRef = ROSSIGNOL) -> Token:
    """Log in, and return the session's token."""
    return enter(world, password, ref).token


def outcome(world: World, password: str = WRONG, ref: AccountRef = ROSSIGNOL, cookie: str = "") -> str:
    """Try to log in. Returns the site of the account that opened, or the name of the refusal."""
    try:
        return enter(world, password, ref, cookie).account.site
    except (LoginRefused, SlowedDown, Unavailable) as refusal:
        return type(refusal).__name__


def opens(world: World, password: str, ref: AccountRef = ROSSIGNOL) -> bool:
    """Ask whether a password opens an account."""
    return outcome(world, password, ref) == ref.site


def is_in(world: World, token: Token) -> bool:
    """Ask whether a token opens a page."""
    try:
        authenticate(world.visit(token))
    except NotLoggedIn:
        return False
    return True


def lock_out(world: World, ref: AccountRef = ROSSIGNOL) -> None:
    """Fail until strangers must wait."""
    while outcome(world, ref=ref) != "SlowedDown":
        pass


def tries_at(world: World, ref: AccountRef = ROSSIGNOL) -> int:
    """Count the failed tries of strangers at an account."""
    return len(world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ref))).times)


def mail_a_password(world: World, ref: AccountRef = ROSSIGNOL) -> str:
    """Store a mailed password as the post does, and return it."""
    password, before = passwords.mailed_password(), world.account(ref)
    world.services.accounts.change(before, before.with_mailed_password(password, world.new_client().request, world.now))
    return password


def lose_password(world: World, identifier: str = ROSSIGNOL.identifier, email: str = EMAIL) -> None:
    """Send the form « Mot de passe perdu »."""
    request_password(world.visit(), LostPasswordForm(identifier, email))


def facts_of_job(world: World, request: str = "request-x") -> dict[str, Any]:
    """Make the facts of every job about the family's account."""
    ref = ROSSIGNOL
    return {"request": request, "asked_at": world.now, "site": ref.site, "identifier": ref.identifier}
