"""A correction by the office of each kind, and a family to try it on."""

from typing import Any, Final

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Author
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import ADDRESS, EMERGENCY, GUARDIANS, IDENTIFIER, NAME, PAYER, PUPIL, PUPILS
from chalicelib.office.helpdesk.undo import CorrectionUndo, undo_correction
from chalicelib.services.office import OfficeServices
from tests.support.enrolled_families import CHANGES, NUMBERS, keep, key_of, new_enrolment, send_pupils
from tests.support.enrolment import LEO
from tests.support.two_logins import settle_family
from tests.support.world import ROSSIGNOL, World

BY: Final = Author("Mme Lyre", "rappelée au numéro du dossier")
CASE: Final = HelpdeskCase(ROSSIGNOL.identifier, ROSSIGNOL.site, BY)
ADDRESS_NOW: Final = ("8 rue du Bac", "91000 Evry")
CORRECTIONS: Final = pytest.mark.parametrize(
    ("kind", "owner", "values"),
    [
        (ADDRESS, "", ADDRESS_NOW),
        (PAYER, "", ("Mme Ida Pie",)),
        (PUPIL, key_of(LEO), ("Léon Rossignol", "2016-04-05")),
        (EMERGENCY, "", ("Mme Ida Pie", "06 99 00 30 03")),
        (NAME, "", ("Famille Pie",)),
        (IDENTIFIER, "", ("PIE-9",)),
        (GUARDIANS, "", ("Mme Ida Pie", "")),
        (PUPILS, "", ("Zoé Pie", "2016-04-05")),
    ],
    ids=["address", "payer", "pupil", "emergency", "name", "identifier", "guardian added", "pupil added"],
)


def settle_sent(world: World, **values: Any) -> Account:
    """Store a family with a sent re-enrolment."""
    family = settle_family(world, **values)
    keep(world, send_pupils(new_enrolment(ROSSIGNOL, ((key_of(LEO), LEO.name, CHANGES),)), NUMBERS[0]))
    world.aws.calls.clear()
    return family


def take_back(world: World, undo: CorrectionUndo, services: OfficeServices | None = None) -> None:
    """Take a correction back, as its author does."""
    undo_correction(services or world.services, undo, BY, world.now)
