"""The data given to a family as JSON: each attribute as it is declared (`office/rights/attributes.py`)."""

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace
from typing import Any, Final

from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.dossiers.uploads import season_of, slot_of
from chalicelib.office.declarations import Attribute, Way
from chalicelib.office.parts import RightsPart
from chalicelib.office.rights.attributes import ATTRIBUTES
from chalicelib.presentation.office.accounts import WITHHELD
from chalicelib.settings.wings import parts
from chalicelib.values import frozen
from chalicelib.wings import ALL_WINGS

_WAYS: Final[dict[Way, Callable[[Any], Any]]] = {
    "withheld": lambda _: WITHHELD,
    "counted": len,
    "noted": bool,
    "none": lambda part: part or None,
    "names": lambda pairs: {name: WITHHELD for name, _ in pairs},
}
# Of a guardian's own login: the attributes that its family's account does not have.
_OF_LOGIN: Final = (
    *("identifier", "name", "emails", "disabled", "stamp", "password", "mailed", "letters", "last_login", "access"),
    *("passkeys", "links"),
)


@frozen
class DataGiver:
    """Gives the data of one account, if there is one: its addresses and pupils have their names."""

    account: Account | None = None
    pseudonyms: Pseudonyms | None = None

    def give(self, value: Any) -> Any:  # noqa: ANN401 - any value of the domain
        """Convert a value and its parts for JSON. Raises `KeyError` for a value without a declaration."""
        if isinstance(value, tuple | list):
            return [self.give(part) for part in value]
        if not is_dataclass(value) or isinstance(value, type):
            return value
        parts = {attribute: self.give(part) for _, attribute, part in self.parts(value)}
        alone = (part for attribute, part in parts.items() if attribute.way == "alone")
        return next(alone, {attribute.label: part for attribute, part in parts.items()})

    def parts(self, value: Any) -> Iterator[tuple[Any, Attribute, Any]]:  # noqa: ANN401 - a dataclass
        """List the attributes of a value, with their owner and content. A guardian's login has few of them."""
        for name, attribute in ATTRIBUTES[type(value)].items():
            for part in self._given(value, getattr(value, name), attribute):
                if not (isinstance(value, Account) and value.role == GUARDIAN and part[1].label not in _OF_LOGIN):
                    yield part

    def _given(self, owner: Any, part: Any, attribute: Attribute) -> Iterator[tuple[Any, Attribute, Any]]:  # noqa: ANN401 - any
        match attribute.way:
            case "merged":
                yield from self.parts(part)
            case "document":
                places = {"season": season_of(part)} | dict(zip(("code", "owner"), slot_of(part), strict=True))
                yield from ((owner, replace(attribute, label=label), place) for label, place in places.items())
            case "if_any":
                yield from [(owner, attribute, _without_secrets(part))] if part else []
            case "author":
                yield owner, attribute, WITHHELD if owner.side == "office" else part or None
            case "mailbox":
                mailbox = self.account.mailbox(part, self.pseudonyms) if self.account and self.pseudonyms else None
                yield owner, attribute, mailbox
            case "pupil":
                pupils = self.account.household.pupils_by_key if self.account else {}
                yield owner, attribute, pupils[part.key].name if part.key in pupils else part.key
            case "parts":
                by_kind = {kind: one.attribute for one in parts(RightsPart, ALL_WINGS) for kind in one.attributes}
                yield from ((owner, by_kind[type(value)], value) for value in part)
            case "given" | "alone":
                yield owner, attribute, part
            case way if way in _WAYS:
                yield owner, attribute, _WAYS[way](part)


def _without_secrets(part: Any) -> Any:  # noqa: ANN401 - any part of an item
    """Convert parts of an item for JSON. An ellipsis is withheld."""
    match part:
        case dict():
            return {name: _without_secrets(value) for name, value in part.items()}
        case list() | tuple():
            return tuple(_without_secrets(value) for value in part)
        case set():
            return sorted(part, key=str)
    return WITHHELD if part is ... else part
