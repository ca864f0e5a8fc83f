"""What a wing may add to a page of the core. Each wing defines its own part, in its own module."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.staff.members import Member
from chalicelib.values import frozen
from chalicelib.web.office.edge import StaffRequest


@frozen
class MemberPart:
    """Of a member's page: facts for its template, and the sentences of acts that come back to it."""

    facts: Callable[[StaffRequest, Member], dict[str, Any]]
    done: Mapping[str, str]
