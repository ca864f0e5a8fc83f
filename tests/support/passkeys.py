"""Passkeys of families: a telephone in software, stored as a login's own."""

from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import FormRefusal, Unavailable
from chalicelib.flows.login_methods.passkeys import ask_to_log_in, log_in
from tests.support.authenticator import Authenticator, field
from tests.support.world import PUBLIC_URL, ROSSIGNOL, World

NAME: Final = "Chrome sur Android"


def telephone(own_id: bytes = b"a telephone") -> Authenticator:
    """Make a passkey of this network's host, synced: its counter stays at 0."""
    return Authenticator(own_id, PUBLIC_URL)


def give(world: World, phone: Authenticator, ref: AccountRef = ROSSIGNOL, name: str = NAME) -> None:
    """Store a login's passkey, listed in the index."""
    before = world.account(ref)
    after = before.with_passkey(phone.passkey(name, world.now))
    world.services.accounts.enter_mailboxes(after, before)
    world.services.accounts.change(before, after)


def response(world: World, phone: Authenticator, **changes: Any) -> str:
    """Answer a page shown now, as the form sends it. `changes`: parts of the answer that differ."""
    challenge = changes.pop("challenge", "") or ask_to_log_in(world.services, world.now).challenge
    return field(phone.use(challenge, **changes))


def outcome(world: World, text: str, address: str = "192.0.2.7") -> str:
    """Try to log in by a response. Returns the identifier of the login that opened, or the name of the refusal."""
    try:
        return log_in(world.visit(address=address), text).account.identifier
    except (FormRefusal, Unavailable) as refusal:
        return type(refusal).__name__
