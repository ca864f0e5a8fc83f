"""/extranet/bureau/demandes/NUMERO: notes and calls on an application, and whose turn it is."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.helpdesk.turns import HeldFile
from chalicelib.web.office import turns
from chalicelib.web.office.acts import ActBlueprint, ActPage
from chalicelib.web.office.edge import DeskRequest
from chalicelib.web.office.lists import read_place
from chalicelib.web.office.parts import FilesPart
from chalicelib.wings.admission.domain.applications import TRACKED_AT, Application, ApplicationRef
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.web.office.application import APPLICATION, APPLICATION_FILTERS, APPLICATION_PAGE
from chalicelib.wings.admission.web.office.applications import APPLICATIONS_PAGE, FILTERS, application_path

routes = ActBlueprint(__name__)


def _back(request: DeskRequest) -> str:
    """Write the address of the application, at its place in the list if it was opened from there."""
    place, path = read_place(request, APPLICATIONS_PAGE, FILTERS), APPLICATION.back(request)
    return place.address(path) if place else path


def _followed(_: DeskRequest, application: Application) -> turns.FollowedFile:
    return turns.FollowedFile(audited_as(application.ref), application.wished_sites)


_PAGE: Final[ActPage] = replace(APPLICATION, back=_back, fields={"turn_day": "rappel"}, is_by_pupil=False)
turns.serve_follow_up(routes, APPLICATION_PAGE, _PAGE, _followed, APPLICATION_FILTERS)


def _find(request: DeskRequest, refs: Collection[AccountRef]) -> dict[AccountRef, HeldFile]:
    """Find the applications in hand or to call that the member sees."""
    keys = [ref.identifier.partition("-") for ref in refs]
    find = request.services.admission.applications.find_all
    applications = find(*(ApplicationRef(mailbox, season) for season, _, mailbox in keys)) if keys else ()
    return {
        audited_as(application.ref): HeldFile(
            application.sent.answers.guardian, application.wished_sites, application_path(application.number)
        )
        for application in applications
        if application.sent and application.is_at(request.staff.site_codes)
    }


FILES: Final = FilesPart(TRACKED_AT, _find, "Leurs demandes", f"{APPLICATIONS_PAGE}?suivi=moi")
