"""The sites that the office asks about: one, by its code, or all."""

from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import Network, Site


def select_sites(network: Network, code: str | None) -> tuple[Site, ...]:
    """Find the site of a code, or all where none is given. Raises `OfficeRefusal` for a code that no site has."""
    if code is None:
        return network.sites
    site = network.site(code)
    if site is None:
        raise OfficeRefusal("site_unknown", site=code, sites=", ".join(known.code for known in network.sites))
    return (site,)
