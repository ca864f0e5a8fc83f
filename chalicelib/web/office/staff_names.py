"""/extranet/bureau/personnel/{membre}/relier and /detacher: a teacher's names in the yearly file."""

from collections.abc import Callable, Iterable
from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.teaching.teachers import Link
from chalicelib.infra.record import StaffEvent
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.links import LinkResult, link, links_of, names_to_link, unlink
from chalicelib.office.staff.show import StaffDetails, show_member
from chalicelib.values import frozen
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.staff import STAFF_PAGE, check_reason, refused_form, staff_input
from chalicelib.web.office.staff_member import MEMBER_PAGE
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

Perform = Callable[..., LinkResult]


@frozen
class NamePage:
    """An act on a name: its title and button, its consequences, the names to choose from, and its function."""

    title: str
    consequences: str
    event: StaffEvent
    choices: Callable[[StaffRequest, StaffDetails], Iterable[tuple[Link, bool]]]
    perform: Perform


PAGES: Final = {
    "relier": NamePage(
        "Relier un nom",
        "La personne voit les cours que le fichier annuel donne à ce nom, et leurs élèves, et fait l'appel. Deux "
        "personnes peuvent être reliées au même nom : les mêmes cours sont alors à chacune.",
        "staff_linked",
        lambda request, found: names_to_link(request.services, found.entry.member),
        link,
    ),
    "detacher": NamePage(
        "Détacher un nom",
        "Les cours de ce nom ne sont plus ceux de cette personne, dès la prochaine page qu'elle ouvre.",
        "staff_unlinked",
        lambda request, found: ((own, False) for own in links_of(request.services, found.entry.member).links),
        unlink,
    ),
}


def _serve(code: str, page: NamePage) -> None:
    path = f"{MEMBER_PAGE}/{code}"

    @routes.get(path, right="manager")
    def show(request: StaffRequest) -> Response:
        return _page(request, _find(request), code)

    @routes.post(path, right="manager")
    def act(request: StaffRequest) -> Response:
        details = _find(request)
        try:
            request.check_lengths()
            own = _chosen(request, details, page)
            check_reason(request)
            request.prove_again()
            about = staff_input(request, details.entry.member.email, request.field("vu"))
            result = page.perform(request.services, about, own.site, own.name, request.now)
        except (FormRefusal, OfficeRefusal) as refusal:
            return _page(request, _find(request), code, refused_form(request, refusal))
        if result.changed:
            request.services.record.write_of_staff(
                page.event, request.now, request.client.request, result.member.email, role=result.member.role
            )
        done = code if result.changed else "rien"
        return redirect(request.services, f"{STAFF_PAGE}/{request.parts['membre']}?fait={done}")


for _code, _page_of in PAGES.items():
    _serve(_code, _page_of)


def _find(request: StaffRequest) -> StaffDetails:
    """Find the teacher. Raises `NotThere`."""
    details = show_member(request.services, request.parts["membre"], request.now)
    if details.entry.member.role != "teacher":
        raise NotThere
    return details


def _chosen(request: StaffRequest, details: StaffDetails, page: NamePage) -> Link:
    """Find the chosen name, or the one that a form sent twice has already linked. Raises `FieldsRefused`."""
    linked = links_of(request.services, details.entry.member).links
    names = {_value(own): own for own in (*linked, *(own for own, _ in page.choices(request, details)))}
    own = names.get(request.field("enseignant"))
    if own is None:
        raise FieldsRefused({"enseignant": ("staff_file_name_missing",)})
    return own


def _value(own: Link) -> str:
    return " ".join(own.key)


def _page(request: StaffRequest, details: StaffDetails, code: str, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    member, path = details.entry.member, f"{STAFF_PAGE}/{details.entry.part}"
    return desk_page(
        request,
        "staff_name",
        "staff",
        feedback=feedback,
        entry=details.entry,
        page=PAGES[code],
        choices=[(_value(own), own, is_taken) for own, is_taken in PAGES[code].choices(request, details)],
        chosen=request.field("enseignant"),
        seen=links_of(request.services, member).version,
        reason=request.field("raison"),
        back=path,
        path=f"{path}/{code}",
    )
