"""The kinds of parts that a wing may add to a page of the core. A wing defines its part in its own module."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.staff.members import Member
from chalicelib.values import frozen
from chalicelib.web.office.edge import DeskRequest


@frozen
class MemberPart:
    """Of a member's page: facts for its template, and the sentences of acts that come back to it."""

    facts: Callable[[DeskRequest, Member], dict[str, Any]]
    done: Mapping[str, str]
