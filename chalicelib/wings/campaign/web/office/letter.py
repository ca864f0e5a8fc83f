"""GET /extranet/bureau/familles/{site}/{famille}/courrier: the letter by post of one family."""

from typing import Final

from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.postal_letter import write_letter
from chalicelib.presentation.printing import letter_pdf_of
from chalicelib.web.office.acts import ActBlueprint
from chalicelib.web.office.edge import DeskRequest, part_of
from chalicelib.web.office.family import FAMILY, FAMILY_PAGE
from chalicelib.web.responses import Response, file
from chalicelib.wings.campaign.office.letters import family_letter

routes = ActBlueprint(__name__)

_LETTER_WHY: Final = "courrier imprimé depuis le dossier"


@routes.get(f"{FAMILY_PAGE}/courrier", right="secretary")
def download_letter(request: DeskRequest) -> Response:
    """Give the letter that the campaign by post would send to this family. Its author is noted."""
    try:
        return _letter(request)
    except OfficeRefusal as refusal:
        return FAMILY.show(request, None, FAMILY.refused(request, refusal))


def _letter(request: DeskRequest) -> Response:
    ref = request.family
    network = request.services.settings.network
    case = HelpdeskCase(ref.identifier, ref.site, request.staff.author(_LETTER_WHY))
    letter = write_letter(family_letter(request.services, case, request.now), network)
    pdf, why = letter_pdf_of(letter, f"Courrier : {letter.addressee[0]}", network)
    if why:
        raise OfficeRefusal("letter_unprinted", why=why)
    return file(f"courrier-{ref.site}-{part_of(ref.identifier)}.pdf", "application/pdf", pdf)
