"""Mailed codes and their counts are read back, each written conditionally."""

from typing import TypeVar

import pytest

from chalicelib.domain.account.mailed_codes import Code
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.stores.mailed_codes import Codes
from tests.support.world import World

A = TypeVar("A")


@pytest.fixture
def codes(world: World) -> Codes:
    return world.services.codes


def test_a_code_keeps_a_digest_for_each_mail_of_its_job_three_at_most(world: World, codes: Codes) -> None:
    code = Code("question", "0123456789abcdef0123", "2026", world.now)

    results = [codes.add_digest(code, digest) for digest in ("one", "two", "three", "four")]

    assert results == [True, True, True, False]
    assert codes.find("question") == Code(
        "question", "0123456789abcdef0123", "2026", world.now, ("one", "two", "three")
    )


def test_a_code_that_was_used_takes_no_other_digest(world: World, codes: Codes) -> None:
    code = Code("question", "0123456789abcdef0123", "2026", world.now)
    codes.add_digest(code, "one")
    used = Code("question", "0123456789abcdef0123", "2026", world.now, ("one",)).use(world.now)
    world.database.write_together(codes.put(used))

    assert not codes.add_digest(code, "two")
    assert codes.find("question") == used


class Overtaken(Database):
    """Tables in which another mail is counted right after the first read."""

    def __init__(self, world: World) -> None:
        super().__init__(world.aws.client("dynamodb"))
        self._world = world
        self._is_first = True

    def read(self, lookup: Lookup[A]) -> A:
        item = super().read(lookup)
        if self._is_first:
            self._is_first = False
            assert self._world.services.codes.count_mail("x", "the other's", self._world.now)
        return item


@pytest.mark.parametrize("known", [(), ("one",)])
def test_mails_counted_at_once_are_counted_side_by_side(world: World, codes: Codes, known: tuple[str, ...]) -> None:
    for request in known:
        codes.count_mail("x", request, world.now)
    overtaken = Codes(Overtaken(world), world.services.settings.attempts_table)

    assert overtaken.count_mail("x", "own", world.now)

    (item,) = [item for item in world.database.items(world.resources.attempts_table) if item["site"] == "@mailed"]
    assert set(item["mailed"]) == {*known, "the other's", "own"}
