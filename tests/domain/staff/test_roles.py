"""Roles: each has the rights of the one below, and a teacher only its own pages."""

from chalicelib.domain.staff.roles import ROLES, Right, allows


def test_which_role_has_which_right() -> None:
    rights: tuple[Right, ...] = ("staff", "reader", "secretary", "manager", "teacher")

    assert {role: [right for right in rights if allows(role, right)] for role in ROLES} == {
        "reader": ["staff", "reader"],
        "secretary": ["staff", "reader", "secretary"],
        "manager": ["staff", "reader", "secretary", "manager"],
        "teacher": ["staff", "teacher"],
    }
