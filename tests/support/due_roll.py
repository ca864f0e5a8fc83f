"""A roll that a teacher of the running service can call on any day, for a program that knows only pages."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from tools.program import Program


def open_roll(program: Program) -> None:
    """From « Ma semaine », open the due roll of this week or the last one, else that of a lesson made up today."""
    if "Faire l" not in program.page:
        program.open(program.link("Semaine précédente"))
    if "Faire l" in program.page:
        program.open(program.link("Faire l"))
        return
    program.open(program.link("Mes élèves"))
    match = re.search(r'href="(/extranet/enseignant/cours/[^"/]+/[^"/]+)"', program.page)
    assert match
    program.open(f"{match[1]}/appel/{datetime.now(ZoneInfo('Europe/Paris')):%Y-%m-%d}")
