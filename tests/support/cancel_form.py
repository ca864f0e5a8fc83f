"""The form that cancels a lesson, sent by a teacher or a secretary, and its notices."""

from typing import Any

from tests.support.absences import deliver
from tests.support.world import Visitor, World

READERS = ["autre.rossignol@example.org", "rossignol@example.org", "xen2@example.org"]


def send(visitor: Visitor, path: str, day: str = "2026-11-18", why: str = "", **more: str) -> Any:
    """Submit the form."""
    return visitor.post(path, {"jour": day, "annulation": why} | more)


def recipients(world: World) -> list[str]:
    """Deliver the mails, and list their recipients."""
    deliver(world)
    return sorted(mail.to for mail in world.mails())
