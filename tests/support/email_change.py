"""A family that changes its addresses: requests it with its password, reads the code in its mail, types it."""

import re
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.account.sessions import Token
from chalicelib.flows.family.family_email import EmailChangeForm, ask, prove, version_of_emails
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.family.visit import enter as authenticate
from tests.support.households import HOUSEHOLD, open_session
from tests.support.world import PASSWORD, World

AIMEE: Final = "rossignol@example.org"
COME: Final = "come@example.org"
NEW: Final = "nouvelle@example.org"


def settle(world: World, **values: Any) -> Visitor:
    """Store a family of two guardians with an address each, and log one in."""
    facts: dict[str, Any] = {"household": HOUSEHOLD, "emails": (AIMEE, COME)} | values
    world.settle(**facts)
    return enter(world)


def enter(world: World) -> Visitor:
    """Open another session."""
    return back(world, open_session(world, world.account()))


def back(world: World, token: Token) -> Visitor:
    """Return with a token."""
    return authenticate(world.visit(token))


def send_form(world: World, me: Visitor, action: str = "remplacer-1", email: str = NEW, **more: str) -> Token | None:
    """Send the form « Adresses e-mail »."""
    submission = StepSubmission(more.get("by", "1"), more.get("shown", version_of_emails(me.account)))
    return ask(world.visit(), me, EmailChangeForm(action, email, more.get("current", PASSWORD)), submission)


def mailed_code(world: World) -> str:
    """Read the code in the newest mail."""
    match = re.search(r"^Code : (\d{3} \d{3})$", world.mails()[-1].text, re.MULTILINE)
    assert match
    return match.group(1)


def name_of(world: World) -> str:
    """Read the name of the pending address."""
    pending = world.account().pending_email
    assert pending
    return pending.name


def ask_for_code(world: World, me: Visitor, *values: str, **more: str) -> tuple[str, str]:
    """Request a change. Returns the mailed code, and the name in the page."""
    send_form(world, me, *values, **more)
    world.deliver()
    return mailed_code(world), name_of(world)


def prove_it(world: World, me: Visitor, request: tuple[str, str]) -> Token | None:
    """Return and type a code."""
    return prove(world.visit(), back(world, me.token), *request)


def notices(world: World) -> list[str]:
    """List the recipients of notices of a changed address."""
    return sorted(mail.to for mail in world.mails() if mail.subject.startswith("Votre adresse e-mail a été changée"))


def leave_to_the_office(world: World) -> None:
    """Let families correct the payer only."""
    settings = world.services.settings
    family = replace(settings.network.family, may_correct=("payer",))
    world.services = replace(
        world.services, settings=replace(settings, network=replace(settings.network, family=family))
    )
