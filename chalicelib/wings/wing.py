"""The manifest of a wing: a value with its declarations, as places that a start need not load."""

from collections.abc import Mapping
from dataclasses import field
from importlib import import_module
from typing import Any

from chalicelib.values import frozen


@frozen
class Wing:
    """A part of the product that the core does without, in a folder with the core's layers inside.

    A place is « module:attribute », imported where it is used. `tables`: the logical names of its tables, with the
    pattern of a family in an identifier there, if any. `passing_tables`: those neither restored nor
    exported. `functions`: the blueprints that declare its own functions, by name. `stores`: those to build at the start
    of a function of the core. `routes`: the places of blueprints, by function. `parts`: those of its parts of tables
    and pages of the core, by their class. `writers`: the functions of the post for jobs without a described mail.
    `jobs`: the desk's, by kind: the handler, and its report's words, if it has a report. `static_pages`: their facts,
    and the pages of these. `texts`: the French of types in refusals. `sentences`: by code. `trails`: its places in the
    audit trail, beside sites. `commands`: groups of `clef`. `single_commands`: those of no group. `links`: tabs and
    links of the core's lists, with the words of their columns, by list and the core's link before: « desk:season ».
    `roles`: the staff's roles that have only its pages. `is_default`: a network that names no wings has it.
    """

    name: str
    tables: Mapping[str, str] = field(default_factory=dict)
    passing_tables: tuple[str, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    stores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    writers: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    static_pages: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    trails: tuple[str, ...] = ()
    commands: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    single_commands: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    is_default: bool = True

    @property
    def all_tables(self) -> tuple[str, ...]:
        """The logical names of its tables."""
        return *self.tables, *self.passing_tables

    @property
    def resources(self) -> tuple[str, ...]:
        """The logical names of its tables and functions in the template."""
        functions = ("".join(map(str.capitalize, name.split("_"))) for name in self.functions)
        return *self.all_tables, *functions


def load(place: str) -> Any:  # noqa: ANN401 - as the place's own type, which tests/wings checks
    """Import the attribute of a place."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
