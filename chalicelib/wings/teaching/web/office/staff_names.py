"""/extranet/bureau/personnel/{membre}/relier and /detacher: the names of the yearly file that a teacher has."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.staff.members import Member
from chalicelib.infra.record import StaffEvent
from chalicelib.office.staff.members import StaffInput
from chalicelib.office.staff.show import StaffDetails
from chalicelib.services.office import OfficeServices as Services
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DeskRequest
from chalicelib.web.office.parts import MemberPart
from chalicelib.web.office.staff import (
    FIELDS,
    MEMBER_PAGE,
    act_facts,
    act_input,
    confirm_act,
    find_details,
    find_member,
    member_path,
)
from chalicelib.web.responses import Response
from chalicelib.wings.teaching.domain.teachers import Link, Teacher
from chalicelib.wings.teaching.office.links import LinkResult, link, links_of, names_to_link, unlink

routes = ActBlueprint(__name__)


@frozen
class NamePage:
    """An act on a teacher's name: as an act on the access, with the names to choose from, and whether each is taken."""

    title: str
    consequences: str
    sentence: str
    event: StaffEvent
    perform: Callable[[Services, StaffInput, str, str, datetime], LinkResult]
    choices: Callable[[Services, Member, Teacher], Iterable[tuple[Link, bool]]]


NAMES: Final[dict[str, NamePage]] = {
    "relier": NamePage(
        "Relier un nom",
        "La personne voit les cours que le fichier annuel donne à ce nom, et leurs élèves, et fait l'appel. Deux "
        "personnes peuvent être reliées au même nom : les mêmes cours sont alors à chacune.",
        "Le nom est relié : ses cours se voient dès la prochaine page que la personne ouvre.",
        "staff_linked",
        link,
        names_to_link,
    ),
    "detacher": NamePage(
        "Détacher un nom",
        "Les cours de ce nom ne sont plus ceux de cette personne, dès la prochaine page qu'elle ouvre.",
        "Le nom est détaché : ses cours ne sont plus ceux de cette personne.",
        "staff_unlinked",
        unlink,
        lambda _services, _member, teacher: ((link, False) for link in teacher.links),
    ),
}


MEMBER_PART: Final = MemberPart(
    lambda request, member: {"teacher": links_of(request.services, member).without_past(today(request.now))},
    {code: act.sentence for code, act in NAMES.items()},
)


def _find_teacher(request: DeskRequest) -> StaffDetails:
    """Find the teacher. Raises `NotThere`."""
    details = find_details(request)
    _check_teacher(details.entry.member)
    return details


def _check_teacher(member: Member) -> Member:
    if member.role != "teacher":
        raise NotThere
    return member


def _serve_name(code: str, act: NamePage) -> None:
    def facts(request: DeskRequest, details: StaffDetails, _outcome: Outcome) -> dict[str, Any]:
        services, member = request.services, details.entry.member
        teacher = links_of(services, member)
        choices = [(_value(link), link, is_taken) for link, is_taken in act.choices(services, member, teacher)]
        return act_facts(details, code, act) | {"choices": choices, "seen": teacher.version}

    def read(request: DeskRequest, member: Member) -> tuple[Member, Link]:
        return member, _chosen(request, _check_teacher(member), act)

    page = ActPage(
        "staff_name", "staff", facts, _find_teacher, back=member_path, inputs=("enseignant", "raison"), fields=FIELDS
    )
    routes.page(f"{MEMBER_PAGE}/{code}", "manager", page)

    @routes.act(
        f"{MEMBER_PAGE}/{code}", "manager", page, has_reason=True, is_proven_again=True, find=find_member, reader=read
    )
    def perform(request: DeskRequest, choice: tuple[Member, Link]) -> str | Response:
        member, link = choice
        result = act.perform(request.services, act_input(request, member), link.site, link.name, request.now)
        return confirm_act(request, result.member, code, act.event, has_changed=result.is_changed)


def _chosen(request: DeskRequest, member: Member, act: NamePage) -> Link:
    """Find the chosen name, or the one that a form sent twice has already linked. Raises `FieldsRefused`."""
    services, teacher = request.services, links_of(request.services, member)
    choices = (*teacher.links, *(link for link, _ in act.choices(services, member, teacher)))
    names = {_value(link): link for link in choices}
    link = names.get(request.field("enseignant"))
    if link is None:
        raise FieldsRefused({"enseignant": ("staff_file_name_missing",)})
    return link


def _value(link: Link) -> str:
    return " ".join(link.key)


for _code, _act in NAMES.items():
    _serve_name(_code, _act)
