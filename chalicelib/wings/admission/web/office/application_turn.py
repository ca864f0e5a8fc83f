"""/extranet/bureau/demandes/NUMERO: notes and calls on an application."""

from dataclasses import replace
from typing import Final

from chalicelib.web.office import turns
from chalicelib.web.office.acts import ActBlueprint, ActPage
from chalicelib.web.office.edge import DeskRequest
from chalicelib.web.office.lists import read_place
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.web.office.application import APPLICATION, APPLICATION_FILTERS, APPLICATION_PAGE
from chalicelib.wings.admission.web.office.applications import APPLICATIONS_PAGE, FILTERS

routes = ActBlueprint(__name__)


def _back(request: DeskRequest) -> str:
    """Write the address of the application, at its place in the list if it was opened from there."""
    place, path = read_place(request, APPLICATIONS_PAGE, FILTERS), APPLICATION.back(request)
    return place.address(path) if place else path


_PAGE: Final[ActPage] = replace(APPLICATION, back=_back, fields={}, is_by_pupil=False)
turns.serve_notes(
    *(routes, APPLICATION_PAGE, _PAGE, lambda _, application: audited_as(application.ref), APPLICATION_FILTERS)
)
