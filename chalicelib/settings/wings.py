"""The wings of this network, in the order in which pages show their parts. Modules that compose them read this tuple.

A process has one network, and composes its pages and jobs once (decision 150).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, TypeVar

from chalicelib.settings.source import NETWORK_FILE, shipped_network
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.wing import Wing, load

Kind = TypeVar("Kind")


def _names() -> Collection[str] | None:
    """Read the names without pydantic, which checks the file in `load_network`, or did when it was packaged."""
    if network := shipped_network():
        return network.wings
    import tomllib  # noqa: PLC0415 - not for a start on AWS

    try:
        names = tomllib.loads(NETWORK_FILE.read_text("utf-8")).get("wings")
    except (OSError, ValueError):
        return None
    return names if isinstance(names, list) else None


def _chosen(names: Collection[str] | None) -> Iterator[Wing]:
    return (wing for wing in ALL_WINGS if (wing.is_default if names is None else wing.name in names))


WINGS: Final[tuple[Wing, ...]] = tuple(_chosen(_names()))

# The staff's roles that have only pages of wings left out.
LEFT_OUT_ROLES: Final = frozenset(role for wing in ALL_WINGS if wing not in WINGS for role in wing.roles)


def functions() -> Iterator[Any]:
    """Import the blueprints of the functions of wings: their declarations, and their routes."""
    for wing in WINGS:
        for name, place in wing.functions.items():
            yield load(place)
            yield from routes(name)


def stores(function: str) -> Iterator[str]:
    """Name the stores of wings that a function of the core surely uses."""
    return (name for wing in WINGS for name in wing.stores.get(function, ()))


def routes(function: str) -> Iterator[Any]:
    """Import the blueprints that wings add to a function."""
    return (load(place) for wing in WINGS for place in wing.routes.get(function, ()))


def with_data(tables: Collection[str]) -> tuple[Wing, ...]:
    """List the wings of the network, and those left out whose tables the stage keeps, by the settings of tables."""

    def is_kept(wing: Wing) -> bool:
        return any(f"{table.lower()}_table" in tables for table in wing.all_tables)

    return tuple(wing for wing in ALL_WINGS if wing in WINGS or is_kept(wing))


def is_missing(table: str, tables: Collection[str]) -> bool:
    """Whether a wing left out keeps tables, and this later one of it was never made (`with_data`)."""
    return any(table in wing.all_tables for wing in with_data(tables) if wing not in WINGS)


def parts(kind: type[Kind], wings: Sequence[Wing] | None = None) -> tuple[Kind, ...]:
    """Import the parts of one kind that wings, by default those of the network, add to pages of the core."""
    return tuple(
        load(place) for wing in (WINGS if wings is None else wings) for place in wing.parts.get(kind.__name__, ())
    )


def has(name: str, tables: Collection[str] = ()) -> bool:
    """Whether the network has a wing. `tables`: also one left out, whose tables are there (`with_data`)."""
    return any(wing.name == name for wing in with_data(tables))


def tabs(prefix: str) -> str:
    """List the addresses of families' tabs of wings below a prefix, as the alternatives of a pattern."""
    lists = (links for wing in WINGS for place, links in wing.links.items() if place.startswith("family:"))
    return "".join(f"{path.removeprefix(prefix)}|" for links in lists for _, _, path in links)


def with_links(page: str, of_core: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Put the links of wings after those of the core that they name, or first."""

    def links_after(code: str) -> list[tuple[str, ...]]:
        return [link for wing in WINGS for link in wing.links.get(f"{page}:{code}", ())]

    return [*links_after(""), *(link for core in of_core for link in (core, *links_after(core[0])))]
