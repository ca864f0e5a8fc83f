"""The applicants table: sessions and codes are read back, each written conditionally."""

from typing import TypeVar

import pytest

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.admission.applicant_sessions import ApplicantSession, new_token
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.domain.admission.email_codes import Code
from chalicelib.infra.dynamo.database import Database, Lookup
from chalicelib.stores.applicants import Applicants
from tests.support.admission import stores
from tests.support.world import World

A = TypeVar("A")
REF = ApplicationRef("0123456789abcdef0123", "2026")


@pytest.fixture
def applicants(world: World) -> Applicants:
    return stores(world).applicants


def opened(world: World, token: Token) -> ApplicantSession:
    session = ApplicantSession(token.fingerprint, REF, world.now, world.now)
    world.database.write_together(stores(world).applicants.sessions.put(session))
    return session


def test_the_table_has_the_token_s_fingerprint_alone(world: World) -> None:
    token = new_token()
    opened(world, token)

    assert token.secret not in world.aws.everything(world.resources)


def test_a_code_keeps_a_digest_for_each_mail_of_its_job_three_at_most(world: World, applicants: Applicants) -> None:
    code = Code("question", REF, world.now)

    added = [applicants.codes.add_digest(code, digest) for digest in ("one", "two", "three", "four")]

    assert added == [True, True, True, False]
    assert applicants.codes.find("question") == Code("question", REF, world.now, ("one", "two", "three"))


def test_a_code_that_was_used_takes_no_other_digest(world: World, applicants: Applicants) -> None:
    code = Code("question", REF, world.now)
    applicants.codes.add_digest(code, "one")
    used = Code("question", REF, world.now, ("one",)).use(world.now)
    world.database.write_together(applicants.codes.put(used))

    assert not applicants.codes.add_digest(code, "two")
    assert applicants.codes.find("question") == used


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
            assert stores(self._world).applicants.count_mail("x", "the other's", self._world.now)
        return item


@pytest.mark.parametrize("known", [(), ("one",)])
def test_a_mail_counted_at_once_with_another_s_is_counted_beside_it(
    world: World, applicants: Applicants, known: tuple[str, ...]
) -> None:
    for request in known:
        applicants.count_mail("x", request, world.now)
    overtaken = Applicants(Overtaken(world), world.services.settings.applicants_table)

    assert overtaken.count_mail("x", "own", world.now)

    (item,) = [item for item in world.database.items(world.resources.applicants_table) if item["site"] == "@mailed"]
    assert set(item["mailed"]) == {*known, "the other's", "own"}
