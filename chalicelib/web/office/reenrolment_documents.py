"""GET /extranet/bureau/reinscriptions/SITE/FAMILLE/pieces: what a family handed in, looked at in the page."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.account.audit import Author
from chalicelib.office.enrolment.document_links import linked_files, origins_of
from chalicelib.office.enrolment.documents import documents_of
from chalicelib.office.enrolment.show import family_in_season
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page, family_path
from chalicelib.web.responses import FormFeedback, also_showing_images_of

routes = DeskBlueprint(__name__)

_PATH: Final = "/extranet/bureau/reinscriptions/{site}/{famille}/pieces"
_WHY: Final = "réinscription"


@routes.get(_PATH, right="reader")
def show_documents(request: StaffRequest) -> Response:
    """Show each file, by links that live five minutes; that they were looked at is noted before."""
    family = family_in_season(request.services, request.family, request.query.get("saison"), request.now)
    documents = documents_of(request.services, family, _author(request), request.now)
    files = linked_files(request.services, documents)
    return desk_page(
        request,
        "reenrolment_documents",
        "reenrolments",
        feedback=FormFeedback(headers=also_showing_images_of(origins_of(files))),
        family=family,
        files=files,
        path=family_path(request.family, "reinscriptions"),
    )


def _author(request: StaffRequest) -> Author:
    return request.staff.author(_WHY)
