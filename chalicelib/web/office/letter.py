"""GET /extranet/bureau/familles/{site}/{famille}/courrier: the letter by post of one family, as a PDF."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.refusals import NotThere
from chalicelib.office.campaign.letters import family_letter
from chalicelib.office.helpdesk.access import DeskRequest
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.printing import letter_pdf_of
from chalicelib.web import responses
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, part_of
from chalicelib.web.office.family import FAMILY_PAGE, family_page
from chalicelib.web.office.family_notices import NOT_THERE
from chalicelib.web.office.sentences import sentence_of
from chalicelib.web.responses import FormFeedback

routes = DeskBlueprint(__name__)

_WHY: Final = "courrier imprimé depuis le dossier"


@routes.get(f"{FAMILY_PAGE}/courrier", right="secretary")
def download_letter(request: StaffRequest) -> Response:
    """Give the letter that the campaign by post would send to this family; it is noted who printed it."""
    try:
        return _letter(request)
    except OfficeRefusal as refusal:
        if refusal.code in NOT_THERE:
            raise NotThere from None
        return family_page(request, FormFeedback(422, sentence_of(refusal)))


def _letter(request: StaffRequest) -> Response:
    ref = request.family
    letter = family_letter(
        request.services, DeskRequest(ref.identifier, ref.site, request.staff.author(_WHY)), request.now
    )
    pdf, why = letter_pdf_of(letter, f"Courrier : {letter.addressee[0]}", request.services.settings.network.name)
    if why:
        raise OfficeRefusal("letter_unprinted", why=why)
    return responses.file(f"courrier-{ref.site}-{part_of(ref.identifier)}.pdf", "application/pdf", pdf)
