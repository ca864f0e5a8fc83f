"""GET /extranet/bureau/demandes/NUMERO/pieces: what a new family handed in, looked at in the page."""

from typing import Final

from chalice.app import Response

from chalicelib.office.admission.documents import documents_of
from chalicelib.office.enrolment.document_links import linked_files, origins_of
from chalicelib.web.office.application import REQUEST_PAGE, request_asked
from chalicelib.web.office.applications import request_path
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page
from chalicelib.web.responses import FormFeedback, also_showing_images_of

routes = DeskBlueprint(__name__)

_WHY: Final = "pré-inscription"


@routes.get(f"{REQUEST_PAGE}/pieces", right="reader")
def show_documents(request: StaffRequest) -> Response:
    """Show each file, by links that live five minutes; that they were looked at is noted before."""
    application = request_asked(request)
    documents = documents_of(request.services, application, request.staff.author(_WHY), request.now)
    files = linked_files(request.services, documents)
    return desk_page(
        request,
        "application_documents",
        "requests",
        feedback=FormFeedback(headers=also_showing_images_of(origins_of(files))),
        application=application,
        files=files,
        path=request_path(application.number),
    )
