"""The filters of the desk's lists. Most of them share the one by site, `?site=`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.settings.environment import Site
    from chalicelib.web.office.edge import StaffRequest

Filters = dict[str, Callable[[str], object]]  # of a list, by name: checks a value
ANY: Final = bool  # any value, or for « site », any that the member sees
BY_SITE: Final[Filters] = {"site": ANY}


def chosen_sites(request: "StaffRequest") -> "tuple[tuple[Site, ...], str]":
    """Find the sites to show, and the chosen code, empty for all. The edge has checked it."""
    code = request.query.get("site", "")
    if not code:
        return request.staff.sites, ""
    return tuple(site for site in request.staff.sites if site.code == code), code
