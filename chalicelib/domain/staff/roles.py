"""Roles: what each opens on the desk, and where."""

from typing import Final, Literal, get_args

# reader: sees its sites' files; secretary: acts on them; manager: all sites, staff and season; teacher: own courses.
Role = Literal["reader", "secretary", "manager", "teacher"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
# Which roles may do what a route asks of one of these. « staff »: whoever is of the staff, a teacher too.
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
