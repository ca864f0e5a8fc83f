"""The data given to a family as JSON: each attribute as it is declared (`office/rights/attributes.py`)."""

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.dossiers.uploads import season_of, slot_of
from chalicelib.office.rights.attributes import ATTRIBUTES, Attribute, Way
from chalicelib.presentation.office.accounts import WITHHELD
from chalicelib.values import frozen

_WAYS: Final[dict[Way, Callable[[Any], Any]]] = {
    "withheld": lambda _: WITHHELD,
    "counted": len,
    "noted": bool,
    "none": lambda part: part or None,
    "names": lambda pairs: {name: WITHHELD for name, _ in pairs},
}


@frozen
class DataGiver:
    """Gives the data of one account, if there is one: its addresses and pupils have their names."""

    account: Account | None = None
    pseudonyms: Pseudonyms | None = None

    def give(self, value: Any) -> Any:  # noqa: ANN401 - any value of the domain
        """Convert a value and its parts for JSON. Raises `KeyError` for a value without a declaration."""
        if isinstance(value, tuple):
            return [self.give(part) for part in value]
        if not is_dataclass(value) or isinstance(value, type):
            return value
        parts = dict(self._parts(value))
        return parts.get("", parts)

    def _parts(self, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a dataclass
        """List the labels and contents of a value's attributes. One that is given alone has no label."""
        for name, attribute in ATTRIBUTES[type(value)].items():
            yield from self._given(value, getattr(value, name), attribute)

    def _given(self, owner: Any, part: Any, attribute: Attribute) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any
        match attribute.way:
            case "merged":
                yield from self._parts(part)
            case "alone":
                yield "", self.give(part)
            case "document":
                yield from zip(("season", "code", "owner"), (season_of(part), *slot_of(part)), strict=True)
            case "if_any":
                yield from [(attribute.label, _without_secrets(part))] if part else []
            case "author":
                yield attribute.label, WITHHELD if owner.side == "office" else part or None
            case "mailbox":
                mailbox = self.account.mailbox(part, self.pseudonyms) if self.account and self.pseudonyms else None
                yield attribute.label, mailbox
            case "pupil":
                pupils = self.account.household.pupils_by_key if self.account else {}
                yield attribute.label, pupils[part.key].name if part.key in pupils else part.key
            case "given":
                yield attribute.label, self.give(part)
            case way if way in _WAYS:
                yield attribute.label, _WAYS[way](part)


def _without_secrets(part: Any) -> Any:  # noqa: ANN401 - any part of an item
    """Convert parts of an item for JSON. An ellipsis is withheld."""
    match part:
        case dict():
            return {name: _without_secrets(value) for name, value in part.items()}
        case list() | tuple():
            return [_without_secrets(value) for value in part]
        case set():
            return sorted(part, key=str)
    return WITHHELD if part is ... else part
