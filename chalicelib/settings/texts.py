"""The texts of a network that people read, as its settings declare them (`parts.text`)."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any, Final

from chalicelib.settings.network import Network
from chalicelib.settings.parts import Part
from chalicelib.settings.wings import has
from chalicelib.values import frozen
from chalicelib.wings import ALL_WINGS

_HOME: Final = ("Accueil de l'extranet", "/extranet")


@frozen
class Text:
    """A text: its key in `network.toml`, its title, its subject, the lines written, those by default, a place.

    `subject`: the site, the document or the like that it is of. `default` is None if each network writes its own.
    """

    key: str
    title: str
    subject: str
    lines: tuple[str, ...]
    default: tuple[str, ...] | None
    place: tuple[str, str]

    @property
    def is_changed(self) -> bool:
        """Whether it differs from its default."""
        return self.default is not None and self.lines != self.default


def texts_of(network: Network) -> Iterator[Text]:
    """List the texts in the order of their declaration. Those of a wing left out show nowhere."""
    left_out = {wing.name for wing in ALL_WINGS if not has(wing.name)}
    return (text for text in _texts(network, _HOME) if text.key.partition(".")[0] not in left_out)


def _texts(part: Any, place: tuple[str, str], prefix: str = "", subject: str = "") -> Iterator[Text]:  # noqa: ANN401 - a Part
    """List the texts of a part, and of those in it."""
    for about in fields(part):
        value, key = getattr(part, about.name), prefix + about.name
        here = about.metadata.get("json_schema_extra", {}).get("place", place)
        if title := about.metadata.get("title"):
            default = None if about.default is MISSING else _lines(about.default)
            yield Text(key, title, "" if value == subject else subject, _lines(value), default, here)
        elif isinstance(value, Part):
            yield from _texts(value, here, f"{key}.", subject)
        elif isinstance(value, tuple):
            for number, inner in enumerate(value, 1):
                if isinstance(inner, Part):
                    name = vars(inner).get("name") or vars(inner).get("title") or subject
                    yield from _texts(inner, here, f"{key}.{number}.", name)


def _lines(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a text, several, or none
    return (value,) if isinstance(value, str) and value else tuple(value or ())
