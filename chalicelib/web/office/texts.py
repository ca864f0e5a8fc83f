"""GET /extranet/bureau/textes: the texts that a network writes, each with its default and where it shows."""

from typing import Final

from chalicelib.settings.texts import texts_of
from chalicelib.web.office.acts import ActBlueprint
from chalicelib.web.office.edge import DESK, DeskRequest, desk_page
from chalicelib.web.responses import Response

routes = ActBlueprint(__name__)

TEXTS_PAGE: Final = f"{DESK}/textes"


@routes.get(TEXTS_PAGE, right="manager")
def show_texts(request: DeskRequest) -> Response:
    """Show the texts of the settings, to read."""
    return desk_page(request, "texts", "season", texts=list(texts_of(request.staff.network)))
