"""A substitute for a course, on the desk of a test's world."""

import re
from typing import Final

from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.staff import DESK
from tests.support.teaching import SITE, VIOLIN
from tests.support.world import Visitor, World

SUBSTITUTE: Final = "gobemouche@example.org"
COURSE: Final = f"{DESK}/cours/{SITE}/{course_key(VIOLIN)}"


def loan(world: World, visitor: Visitor, **fields: str) -> dict[str, str]:
    """Fill in the form that lends a course, with its page's version."""
    version = re.findall(r'name="vu" value="(\w*)"', visitor.get(COURSE).text)[0]
    substitute = world.services.record.pseudonyms.of_mailbox(SUBSTITUTE)
    values = {"vu": version, "remplacant": substitute, "du": "2026-11-04", "au": "11/11/2026", "raison": "congé"}
    return values | fields
