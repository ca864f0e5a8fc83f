"""Sites and places by their names, for pages. A command shows their codes, which an operator types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from chalicelib.domain.admission.pools import Pool
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


def place_name(pool: Pool, network: Network | None, known: Collection[str] = ()) -> str:
    """Name the places of a pool: « Piano, Débutant, Evry - Xénakis », or « piano-debutant, evry-xenakis ».

    `known`: parts left out, as the reader has just read them.
    """
    if network is None:
        return f"{pool.ref.code}, {pool.ref.site}"
    parts = (pool.discipline, pool.level, _ages(pool), site_name(pool.ref.site, network))
    return ", ".join(part for part in parts if part and part not in known)


def _ages(pool: Pool) -> str:
    youngest, oldest = pool.youngest, pool.oldest
    if oldest is None:
        return f"{youngest} ans et plus" if youngest is not None else ""
    return f"{oldest} ans au plus" if youngest is None else f"de {youngest} à {oldest} ans"
