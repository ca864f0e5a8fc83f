"""Stores: values that may be missing, and values that are new without an item (`tests/stores/test_contract.py`)."""

import pytest

from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Key
from chalicelib.infra.dynamo.store import DefaultStore, Store
from chalicelib.values import Stored, frozen
from tests.support.world import World


@frozen
class Jar(Stored):
    """A number under a name."""

    name: str
    number: int = 0


class Jars(Store[str, Jar]):
    """Jars that may be missing."""

    codec = Codec(Jar, "name")

    def key(self, name: str) -> Key:
        return {"site": "@jar", "identifier": name}

    def key_fields(self, key: Key) -> tuple[str]:
        return (key["identifier"],)


class NewJars(DefaultStore[str, Jar]):
    """Jars that are new without an item."""

    codec = Codec(Jar, "name")

    def key(self, name: str) -> Key:
        return {"site": "@jar", "identifier": name}


def more(jar: Jar) -> Jar:
    return Jar(jar.name, jar.number + 1, item=jar.item)


def test_a_missing_value_is_none_and_is_created_once(world: World) -> None:
    jars = Jars(world.database, world.resources.staff_table)

    assert (jars.find("a"), jars.revise("a", more)) == (None, None)
    for name in ("b", "a"):
        jars.create(Jar(name, 1))
    with pytest.raises(WriteConflict):
        jars.create(Jar("a", 2))

    assert jars.revise("a", more) == (Jar("a", 1), Jar("a", 2))
    assert list(jars.under("@jar")) == [Jar("a", 2), Jar("b", 1)]
    world.database.write_together(jars.put(Jar("a")), jars.delete("b"))
    assert list(jars.under("@jar", "a")) == list(jars.under("@jar")) == [Jar("a")]


def test_a_new_value_is_read_decided_on_prepared_and_written(world: World) -> None:
    jars, states = NewJars(world.database, world.resources.staff_table), []

    _, after = jars.revise_at("a", more, prepare=lambda before, after: states.append((before, after)))

    assert states == [(Jar("a"), Jar("a", 1))]
    assert jars.revise(after, more) == (after, jars.find("a"))
