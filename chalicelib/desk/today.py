"""GET /extranet/bureau: what awaits today, site by site."""

from chalice.app import Response

from chalicelib.desk.edge import DESK, DeskBlueprint, StaffRequest, desk_page

routes = DeskBlueprint(__name__)


@routes.get(DESK, right="staff")
def show_today(request: StaffRequest) -> Response:
    """Show what awaits."""
    return desk_page(request, "today", "today")
