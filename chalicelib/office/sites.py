"""The sites that the office asks about: one, by its code, or all."""

from chalicelib.office.refused import Refused
from chalicelib.settings import Network, Site


def sites_asked(network: Network, code: str | None) -> tuple[Site, ...]:
    """Give the site of a code, or all where none is given. Raises `Refused` for a code that no site has."""
    if code is None:
        return network.sites
    site = network.site(code)
    if site is None:
        raise Refused("site_unknown", site=code, sites=", ".join(each.code for each in network.sites))
    return (site,)
