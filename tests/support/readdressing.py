"""A family that changes its addresses: asks with its password, reads the code in its mail, types it."""

import re
from typing import Any, Final

from chalicelib.domain.account.sessions import Token
from chalicelib.flows.family import Inside
from chalicelib.flows.family_code import mark_of_emails, prove
from chalicelib.flows.family_email import Wish, ask
from chalicelib.flows.reenrolment import Said
from chalicelib.flows.visit import visit
from tests.support.households import HOUSEHOLD, open_session
from tests.support.world import PASSWORD, World

AIMEE: Final = "rossignol@example.org"
COME: Final = "come@example.org"
NEW: Final = "nouvelle@example.org"


def settle(world: World, **given: Any) -> Inside:
    """Store a family of two guardians with an address each, and let one come in."""
    facts: dict[str, Any] = {"household": HOUSEHOLD, "emails": (AIMEE, COME)} | given
    world.settle(**facts)
    return enter(world)


def enter(world: World) -> Inside:
    """Open another session."""
    token = open_session(world, world.account())
    return back(world, token)


def back(world: World, token: Token) -> Inside:
    """Come back with a token."""
    client = world.new_client()
    return Inside(visit(world.services, token, client, world.now), client, world.now)


def wish(world: World, me: Inside, action: str = "remplacer-1", email: str = NEW, **more: str) -> Token | None:
    """Send the form « Adresses e-mail »."""
    shown = more.get("shown", mark_of_emails(me.visitor.account))
    said = Said(more.get("by", "1"), shown)
    return ask(world.services, me, Wish(action, email, more.get("current", PASSWORD)), said)


def mailed_code(world: World) -> str:
    """Read the code in the newest mail."""
    found = re.search(r"^Code : (\d{3} \d{3})$", world.mails()[-1].text, re.MULTILINE)
    assert found
    return found.group(1)


def name_of(world: World) -> str:
    """Give the name under which the address waits."""
    unproven = world.account().unproven
    assert unproven
    return unproven.name


def asked(world: World, me: Inside, *given: str, **more: str) -> tuple[str, str]:
    """Ask, and give the code that comes and the name that the page carries."""
    wish(world, me, *given, **more)
    world.deliver()
    return mailed_code(world), name_of(world)


def prove_it(world: World, me: Inside, given: tuple[str, str]) -> Token | None:
    """Come back and type a code."""
    return prove(world.services, back(world, me.visitor.token), *given)


def notices(world: World) -> list[str]:
    """List to whom a change of addresses was told."""
    return sorted(each.to for each in world.mails() if each.subject.startswith("Votre adresse e-mail a été changée"))
