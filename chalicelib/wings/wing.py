"""The manifest of a wing: a value with its declarations, as places that a start need not load."""

from collections.abc import Mapping
from dataclasses import field
from importlib import import_module
from typing import Any

from chalicelib.values import frozen


@frozen
class Wing:
    """A part of the product that the core does without. A place is « module:attribute », imported where it is used.

    `modules`: names of its modules and folders in any layer, or their patterns. `tables`: the logical names of its
    tables, with the pattern of a family in an identifier there, if any. `passing_tables`: those neither restored nor
    exported. `routes`: the places of blueprints, by function. `parts`: those of its parts of tables and pages of the
    core, by their class. `writers`: the functions of the post for jobs without a described mail. `jobs`: the desk's, by
    kind: the handler, and its report's words, if it has a report. `static_pages`: their facts, and the pages
    of these. `texts`: the French of types in refusals. `trails`: its places in the audit trail, beside sites.
    `commands`: groups of `clef`.
    """

    name: str
    modules: tuple[str, ...]
    tables: Mapping[str, str] = field(default_factory=dict)
    passing_tables: tuple[str, ...] = ()
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writers: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    static_pages: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    trails: tuple[str, ...] = ()
    commands: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of its modules, as import-linter takes them."""
        return tuple(f"chalicelib.{name if '.' in name else f'**.{name}'}" for name in self.modules)


def load(place: str) -> Any:  # noqa: ANN401 - as the place's own type, which tests/wings checks
    """Import the attribute of a place."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
