"""Names of the yearly file linked to teaching members: audited first, then one conditional write.

A name may be linked to several members, who then have the same courses: the file distinguishes neither two persons of
one name, nor two who share one post. A former or closed teacher keeps their links, without effect.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.members import Member
from chalicelib.domain.text import fold
from chalicelib.office.account import check_author, select_sites
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.members import StaffInput, find_member, note, overtaken
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.teachers import Link, Teacher
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services


@frozen
class LinkResult:
    """The member, the name as the file spells it, and whether anything changed."""

    member: Member
    link: Link
    is_changed: bool


def link(services: Services, staff_input: StaffInput, site: str, name: str, now: datetime) -> LinkResult:
    """Link a name of a site's timetables to a member. Raises `OfficeRefusal`."""
    member = find_member(services, staff_input.email)
    code = select_sites(services.settings.network, site)[0].code
    if member.role != "teacher":
        raise OfficeRefusal("teaching_not_teacher", name=member.name, email=member.email)
    if code not in member.sites:
        facts = {"name": member.name, "email": member.email, "site": code, "sites": member.sites}
        raise OfficeRefusal("teaching_site_foreign", **facts)
    new = Link(code, _name_at(services, code, name))
    act = StaffAct("staff_linked", check_author(staff_input.author), now, about=f"{new.name}, {new.site}")
    return LinkResult(member, new, _do(services, staff_input, member, act, lambda teacher: teacher.with_link(new)))


def unlink(services: Services, staff_input: StaffInput, site: str, name: str, now: datetime) -> LinkResult:
    """Unlink a name from a member, even one no longer in any file. Raises `OfficeRefusal`."""
    member = find_member(services, staff_input.email)
    code = select_sites(services.settings.network, site)[0].code
    links = services.teaching.teachers.find(member.email).links
    old = next((link for link in links if link.key == Link(code, name).key), None)
    if old is None:
        names = ", ".join(f"{link.name} ({link.site})" for link in links) or "aucun"
        raise OfficeRefusal("teaching_not_linked", name=name, site=code, member=member.name, names=names)
    act = StaffAct("staff_unlinked", check_author(staff_input.author), now, about=f"{old.name}, {old.site}")
    return LinkResult(member, old, _do(services, staff_input, member, act, lambda teacher: teacher.without_link(old)))


def links_of(services: Services, member: Member) -> Teacher:
    """Read a member's linked and lent courses. Empty for another role."""
    if member.role != "teacher":
        return Teacher(member.email)
    return services.teaching.teachers.find(member.email)


def names_to_link(services: Services, member: Member, teacher: Teacher) -> tuple[tuple[Link, bool], ...]:
    """List the names of a member's sites not linked to them, with their state: those linked to no member first."""
    all_keys = {link.key for other in services.teaching.teachers.all() for link in other.links}
    keys = {link.key for link in teacher.links}
    names = ((link, key in all_keys) for key, link in names_at(services, member.sites).items() if key not in keys)
    return tuple(sorted(names, key=lambda found: found[1]))


def names_at(services: Services, sites: Iterable[str]) -> Mapping[tuple[str, str], Link]:
    """List the teachers' names of sites, by their keys, site by site (a read for each)."""
    timetables = (timetable for site in sites for timetable in services.teaching.timetables.all(site))
    links = sorted((Link(one.site, one.teacher) for one in timetables), key=lambda link: (link.site, fold(link.name)))
    return {link.key: link for link in links}


def _name_at(services: Services, site: str, name: str) -> str:
    """Find a name of a site's timetables, as the file spells it. Raises `OfficeRefusal`."""
    names = {link.key: link.name for link in names_at(services, (site,)).values()}
    spelling = names.get((site, teacher_key(name)))
    if spelling is None:
        raise OfficeRefusal("teaching_name_unknown", name=name, site=site)
    return spelling


def _do(
    services: Services, staff_input: StaffInput, member: Member, act: StaffAct, decide: Callable[[Teacher], Teacher]
) -> bool:
    """Audit and do an act, if the names are as the page showed them. Returns whether anything changed."""

    def decide_as_seen(teacher: Teacher) -> Teacher:
        after = decide(teacher)
        if after is not teacher and staff_input.version not in {None, teacher.version}:
            raise overtaken(services, member, act.at)
        return after

    current = services.teaching.teachers.find(member.email)
    if decide_as_seen(current) is current:
        return False
    note(services, act, member)
    before, after = services.teaching.teachers.revise(current, decide_as_seen)
    return after is not before
