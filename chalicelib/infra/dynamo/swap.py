"""One item of a transaction: replaced as a whole, if it is as it was read."""

from collections.abc import Mapping
from typing import Any

from chalicelib.infra.dynamo.values import Item, encode, encode_item
from chalicelib.values import frozen


@frozen
class Swap:
    """One whole item of a transaction: `after`, None to delete it, if it still is `before`, None for a new one.

    `absent`: further attributes that must not have come since.
    """

    table: str
    key: Mapping[str, str]
    before: Item | None
    after: Item | None
    absent: frozenset[str] = frozenset()

    @property
    def call(self) -> dict[str, Any]:
        """The request, with a condition on each attribute as read."""
        verb, whole = ("Delete", {"Key": self.key}) if self.after is None else ("Put", {"Item": self.after})
        before = {name: value for name, value in (self.before or {}).items() if name not in self.key}
        names = dict(enumerate((*before, *sorted(self.absent - before.keys()))))
        conditions = [f"#n{place} = :v{place}" for place, _ in enumerate(before)]
        conditions += [f"attribute_not_exists(#n{place})" for place in range(len(before), len(names))]
        exists = "attribute_exists(site)" if self.before else "attribute_not_exists(site)"
        values = {f":v{place}": encode(value) for place, value in enumerate(before.values())}
        request = {
            "TableName": self.table,
            **{name: encode_item(part) for name, part in whole.items()},
            "ConditionExpression": " AND ".join((exists, *conditions)),
            "ExpressionAttributeNames": {f"#n{place}": name for place, name in names.items()},
            "ExpressionAttributeValues": values,
        }
        return {verb: {name: part for name, part in request.items() if part}}
