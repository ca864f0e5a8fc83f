"""GET /extranet/compte/reinscription/recus/{numero}: what was sent, by whom and when; to print, and found next year."""

from chalice.app import Response

from chalicelib.flows.receipt import Shown, find
from chalicelib.flows.reenrolment import Enrolling
from chalicelib.routes.answers import NOTHING
from chalicelib.routes.edge import REENROLMENT_PAGE, Door, Visit
from chalicelib.routes.reenrolment import enrol, step_page

routes = Door(__name__)

_PATH = f"{REENROLMENT_PAGE}/recus/{{numero}}"


@routes.get(_PATH)
def show_receipt(visit: Visit) -> Response:
    """Show a receipt of this season or of the last one."""
    enrolling = enrol(visit)
    return receipt_page(visit, enrolling, find(visit.services, enrolling, visit.parts["numero"]))


def receipt_page(visit: Visit, enrolling: Enrolling, shown: Shown, information: str | None = None) -> Response:
    """Render a receipt."""
    return step_page(visit, enrolling, "receipt", NOTHING, shown=shown, information=information)


def receipt_path(number: str) -> str:
    """Give the address of a receipt."""
    return _PATH.format(numero=number)
