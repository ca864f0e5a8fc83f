"""Fictitious staff of `staff.toml`, one for each role. Each start gives them new authenticator keys."""

import tomllib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from chalicelib.domain.account.accounts import new_stamp
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.staff.members import Member, Role, Totp
from chalicelib.domain.staff.totp import new_key
from chalicelib.flows.staff.login_code import seal_key
from chalicelib.services.office import OfficeServices
from chalicelib.settings.wings import LEFT_OUT_ROLES, has
from chalicelib.wings.teaching.domain.teachers import Link, Teacher
from chalicelib.wings.teaching.office.timetables import rebuild


@dataclass(frozen=True)
class Staff:
    """A member of staff to try."""

    email: str
    name: str
    role: Role
    password: str
    note: str
    sites: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of a teacher, in the yearly file of its first site
    totp: str = field(default_factory=new_key)  # base32


_ALL: Final = TypeAdapter(tuple[Staff, ...]).validate_python(
    tomllib.loads(Path(__file__).with_name("staff.toml").read_text(encoding="utf-8"))["staff"]
)
STAFF: Final = tuple(staff for staff in _ALL if staff.role not in LEFT_OUT_ROLES)

SECRETARY: Final = next(staff for staff in STAFF if staff.role == "secretary")
MANAGER: Final = next(staff for staff in STAFF if staff.role == "manager")
# As `Member.known_as`.
DECIDED_BY: Final = f"{SECRETARY.name} <{SECRETARY.email}>"
PREPARED_BY: Final = f"{MANAGER.name} <{MANAGER.email}>"


def store_staff(services: OfficeServices) -> None:
    """Store every member as after an accepted invitation, the teachers with their names and timetables."""
    now, stores = services.clock(), services.staff
    for staff in STAFF:
        email = email_from(staff.email)
        member = Member(email, staff.name, staff.role, staff.sites, new_stamp(), now)
        totp = Totp(seal_key(services, email, staff.totp))
        stores.members.create(member.with_proofs(services.hasher.hash(staff.password), totp, (), now))
        if staff.role == "manager":
            stores.managers.add(email)
        for name in staff.names:
            link = Link(staff.sites[0], name)
            services.teaching.teachers.revise_at(email, partial(Teacher.with_link, link=link))
    if has("teaching"):
        rebuild(services, (site.code for site in services.settings.network.sites), now)


def print_staff() -> None:
    """List the members for a tester: role, address, password, authenticator key."""
    for staff in STAFF:
        print(f"  {staff.role:<10} {staff.email:<34} {staff.password:<34} {staff.totp}  {staff.note}")
