"""Roles, and their rights on the desk."""

from typing import Final, Literal, get_args

# reader: reads its sites' files. secretary: acts on them. manager: all sites, staff and season. teacher: own courses.
Role = Literal["reader", "secretary", "manager", "teacher"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
# A right asked by a route. « staff »: all staff, with teachers.
Right = Literal["staff", "reader", "secretary", "manager", "teacher"]
_OPENED_BY: Final[dict[Right, frozenset[Role]]] = {
    "staff": frozenset(ROLES),
    "reader": frozenset({"reader", "secretary", "manager"}),
    "secretary": frozenset({"secretary", "manager"}),
    "manager": frozenset({"manager"}),
    "teacher": frozenset({"teacher"}),
}


def allows(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return role in _OPENED_BY[right]
