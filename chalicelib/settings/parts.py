"""The base class of the network's settings: single lines, no unknown keys. Also a required document."""

import unicodedata
from dataclasses import field
from typing import Any, Final, Literal

from chalicelib.domain.dossiers.documents import DocumentRule
from chalicelib.values import frozen

CODE: Final = {"pattern": r"^[a-z0-9-]{1,40}$"}


def shown(name: str, address: str = "") -> dict[str, Any]:
    """Describe a setting whose texts show on a page, unless these say another (`texts.py`)."""
    return {"json_schema_extra": {"place": (name, address)}}


def text(title: str, *place: str, **constraints: object) -> dict[str, Any]:
    """Describe a setting that people read: its title in French, and the page that shows it."""
    return {"title": title} | (shown(*place) if place else {}) | constraints


def has_control_characters(text: str) -> bool:
    """Whether it has a line break or another control character: settings are used in subjects and headers."""
    return not text.isprintable() and any(unicodedata.category(character) == "Cc" for character in text)


class Part:
    """The base of all parts: no unknown key, no empty text, single lines."""

    __pydantic_config__: Final = {
        "extra": "forbid",
        "str_strip_whitespace": True,
        "str_min_length": 1,
        "hide_input_in_errors": True,
    }

    def __post_init__(self) -> None:
        """Refuse control characters."""
        for name, value in vars(self).items():
            if isinstance(value, str) and has_control_characters(value):
                raise ValueError(f"{name}: a line break or another control character")


@frozen
class DocumentAsked(Part):
    """A document asked for, of the household or of each pupil that fulfils all the conditions given.

    `disciplines`: of a course that the pupil continues or wishes for, by a part of its name.
    """

    code: str = field(metadata=CODE)
    title: str = field(metadata=text("Pièce demandée"))
    hint: str = field(default="", metadata=text("Aide d'une pièce", min_length=0))
    of: Literal["household", "pupil"] = "pupil"
    disciplines: tuple[str, ...] = ()
    adults: bool | None = None
    sites: tuple[str, ...] = ()

    @property
    def rule(self) -> DocumentRule:
        """The rule of the domain."""
        return DocumentRule(**vars(self))
