"""GET /extranet/compte/reinscription/recus/{numero}: what was sent, by whom and when; to print, and found next year."""

from chalice.app import Response

from chalicelib.flows.receipt import ReceiptView, find
from chalicelib.flows.reenrolment import EnrolmentContext
from chalicelib.routes.edge import REENROLMENT_PAGE, FormBlueprint, PageRequest
from chalicelib.routes.reenrolment import enter_enrolment, step_page
from chalicelib.routes.responses import NO_FEEDBACK

routes = FormBlueprint(__name__)

_PATH = f"{REENROLMENT_PAGE}/recus/{{numero}}"


@routes.get(_PATH)
def show_receipt(request: PageRequest) -> Response:
    """Show a receipt of this season or of the last one."""
    context = enter_enrolment(request)
    return receipt_page(request, context, find(request.services, context, request.parts["numero"]))


def receipt_page(
    request: PageRequest, context: EnrolmentContext, view: ReceiptView, information: str | None = None
) -> Response:
    """Render a receipt."""
    return step_page(request, context, "receipt", NO_FEEDBACK, view=view, information=information)


def receipt_path(number: str) -> str:
    """Build the address of a receipt."""
    return _PATH.format(numero=number)
