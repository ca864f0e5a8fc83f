"""Sites by their names, for pages. A command shows their codes, which an operator types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.settings.environment import Network


def site_name(code: str, network: Network | None) -> str:
    """Name a site. Without a network, or for a site that it no longer has, the code stays."""
    site = network.site(code) if network else None
    return site.name if site else code


def with_site_names(text: str, network: Network) -> str:
    """Replace the codes of sites in a text by their names."""
    for site in network.sites:
        text = text.replace(site.code, site.name)
    return text
