"""The filter by site that lists of the desk share: `?site=`, one of those that the member sees, else all of them."""

from typing import TYPE_CHECKING

from chalicelib.desk.edge import StaffRequest
from chalicelib.domain.refusals import NotThere

if TYPE_CHECKING:
    from chalicelib.settings import Site


def chosen_sites(request: StaffRequest) -> "tuple[tuple[Site, ...], str]":
    """Find the sites to show, and the code that was chosen, empty for all. Raises `NotThere` for any other site."""
    code = request.query.get("site", "")
    if not code:
        return request.staff.sites, ""
    found = tuple(site for site in request.staff.sites if site.code == code)
    if not found:
        raise NotThere
    return found, code
