"""The parts that wings add to pages of the core, in the order in which pages show them."""

from typing import Final

from chalicelib.domain.admission.applications import TRACKED_AT
from chalicelib.web.office import staff_names
from chalicelib.web.office.parts import MemberPart

MEMBER_PARTS: Final[tuple[MemberPart, ...]] = (staff_names.MEMBER_PART,)
TRAILS: Final = (TRACKED_AT,)  # beside those of sites, in the trace of a member
