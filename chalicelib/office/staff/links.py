"""Names of the yearly file linked to members who teach: noted first, then one conditional write.

A name may be linked to several members, who then have the same courses: the file cannot tell two people of one name
apart, nor two who hold one post. A member who is no teacher any more, or closed, keeps its links; they open nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from chalicelib.domain.staff.acts import StaffActKind
from chalicelib.domain.staff.members import Member
from chalicelib.domain.teaching.courses import teacher_key
from chalicelib.domain.teaching.teachers import Link, Teacher
from chalicelib.domain.text import fold
from chalicelib.office.account import check_author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.sites import select_sites
from chalicelib.office.staff.members import StaffRequest, find_member, moved, note
from chalicelib.services.family import Services
from chalicelib.services.teaching import teaching_stores
from chalicelib.values import frozen


@frozen
class LinkResult:
    """The member and the name, as the file writes it, and whether anything changed."""

    member: Member
    link: Link
    changed: bool


def link(services: Services, request: StaffRequest, site: str, name: str, now: datetime) -> LinkResult:
    """Link a name of a site's timetables to a member. Raises `OfficeRefusal`."""
    member = find_member(services, request.email)
    code = select_sites(services.settings.network, site)[0].code
    if member.role != "teacher":
        raise OfficeRefusal("teaching_not_teacher", name=member.name, email=member.email)
    if code not in member.sites:
        facts = {"name": member.name, "email": member.email, "site": code, "sites": ", ".join(member.sites)}
        raise OfficeRefusal("teaching_site_foreign", **facts)
    own = Link(code, _name_at(services, code, name))
    return LinkResult(
        member, own, _act(services, request, "staff_linked", own, lambda teacher: teacher.with_link(own), now)
    )


def unlink(services: Services, request: StaffRequest, site: str, name: str, now: datetime) -> LinkResult:
    """Take a name away from a member, be it in no file any more. Raises `OfficeRefusal`."""
    member = find_member(services, request.email)
    code = select_sites(services.settings.network, site)[0].code
    links = teaching_stores(services).teachers.find(member.email).links
    own = next((own for own in links if own.key == Link(code, name).key), None)
    if own is None:
        names = ", ".join(f"{own.name} ({own.site})" for own in links) or "aucun"
        raise OfficeRefusal("teaching_not_linked", name=name, site=code, member=member.name, names=names)
    changed = _act(services, request, "staff_unlinked", own, lambda teacher: teacher.without_link(own), now)
    return LinkResult(member, own, changed)


def links_of(services: Services, member: Member) -> Teacher:
    """Read what is linked and lent to a member; of another role, nothing."""
    if member.role != "teacher":
        return Teacher(member.email)
    return teaching_stores(services).teachers.find(member.email)


def names_to_link(services: Services, member: Member) -> tuple[tuple[Link, bool], ...]:
    """List the names of a member's sites that are not its own, and whether somebody has them: those of nobody first."""
    taken = {own.key: teacher.email for teacher in teaching_stores(services).teachers.all() for own in teacher.links}
    mine = {own.key for own in links_of(services, member).links}
    names = ((own, key in taken) for key, own in names_at(services, member.sites).items() if key not in mine)
    return tuple(sorted(names, key=lambda found: found[1]))


def names_at(services: Services, sites: Iterable[str]) -> Mapping[tuple[str, str], Link]:
    """List the names of sites that teach, by their keys, site after site (a read for each)."""
    timetables = (timetable for site in sites for timetable in teaching_stores(services).timetables.all(site))
    links = sorted((Link(one.site, one.teacher) for one in timetables), key=lambda link: (link.site, fold(link.name)))
    return {link.key: link for link in links}


def _name_at(services: Services, site: str, name: str) -> str:
    """Find a name of a site's timetables, as the file writes it. Raises `OfficeRefusal`."""
    names = {own.key: own.name for own in names_at(services, (site,)).values()}
    found = names.get((site, teacher_key(name)))
    if found is None:
        raise OfficeRefusal("teaching_name_unknown", name=name, site=site)
    return found


def _act(  # noqa: PLR0913, PLR0917 - by whom, what, which name, how and when
    services: Services,
    request: StaffRequest,
    kind: StaffActKind,
    own: Link,
    decide: Callable[[Teacher], Teacher],
    now: datetime,
) -> bool:
    """Note an act and do it, if the names still are what the page showed; whether anything changed."""
    author, teachers = check_author(request.author), teaching_stores(services).teachers
    member = find_member(services, request.email)

    def decide_as_seen(found: Teacher) -> Teacher:
        after = decide(found)
        if after is not found and request.seen not in {None, found.version}:
            raise moved(services, member, now)
        return after

    known = teachers.find(member.email)
    if decide_as_seen(known) is known:
        return False
    note(services, kind, member, author, now, f"{own.name}, {own.site}")
    before, after = teachers.revise(member.email, decide_as_seen)
    return after is not before
