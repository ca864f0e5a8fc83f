"""Optimistic locking: decided again after each conflict, prepared before each write, five times at most."""

from dataclasses import dataclass, field

import pytest

from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.infra.dynamo.revise import RACES, nothing, revise


@dataclass
class Shelf:
    """A number that another writer changes just before each write, `rivals` times in all."""

    number: int | None = 0
    rivals: int = 0
    acts: list[str] = field(default_factory=list)

    def find(self) -> int | None:
        self.acts.append("find")
        return self.number

    def change(self, before: int, after: int) -> int:
        self.acts.append(f"write {before} {after}")
        if self.rivals:
            self.rivals -= 1
            self.number = (self.number or 0) + 10
            raise WriteConflict(None)
        self.number = after
        return after

    def prepare(self, before: int, after: int) -> None:
        self.acts.append(f"prepare {before} {after}")


def test_a_value_is_read_decided_on_prepared_and_written() -> None:
    shelf = Shelf()

    assert revise(shelf.find, shelf.change, lambda number: number + 1, None, shelf.prepare) == (0, 1)
    assert shelf.acts == ["find", "prepare 0 1", "write 0 1"]


def test_one_that_is_known_is_not_read_again() -> None:
    shelf = Shelf()

    revise(shelf.find, shelf.change, lambda number: number + 1, 7, nothing)

    assert shelf.acts == ["write 7 8"]


def test_who_is_overtaken_decides_on_what_stands_then() -> None:
    shelf = Shelf(rivals=1)

    assert revise(shelf.find, shelf.change, lambda number: number + 1, None, shelf.prepare) == (10, 11)
    assert shelf.acts == ["find", "prepare 0 1", "write 0 1", "find", "prepare 10 11", "write 10 11"]


def test_what_stays_as_it_is_needs_no_preparation() -> None:
    shelf = Shelf()

    revise(shelf.find, shelf.change, lambda number: number, None, shelf.prepare)

    assert shelf.acts == ["find", "write 0 0"]


def test_what_is_gone_is_not_decided_on() -> None:
    assert revise(Shelf(number=None).find, Shelf().change, lambda number: number + 1, None, nothing) is None


def test_after_five_races_it_gives_up() -> None:
    shelf = Shelf(rivals=RACES)

    with pytest.raises(Unavailable, match="the int keeps changing"):
        revise(shelf.find, shelf.change, lambda number: number + 1, None, nothing)

    assert shelf.acts.count("find") == RACES
