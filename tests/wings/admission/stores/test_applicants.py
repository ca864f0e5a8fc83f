"""The applicants table: its sessions."""

from typing import TypeVar

from chalicelib.domain.account.sessions import Token
from chalicelib.wings.admission.domain.applicant_sessions import ApplicantSession, new_token
from chalicelib.wings.admission.domain.applications import ApplicationRef
from tests.support.admission import stores
from tests.support.world import World

A = TypeVar("A")
REF = ApplicationRef("0123456789abcdef0123", "2026")


def opened(world: World, token: Token) -> ApplicantSession:
    session = ApplicantSession(token.fingerprint, REF, world.now, world.now)
    world.database.write_together(stores(world).applicants.sessions.put(session))
    return session


def test_the_table_has_the_token_s_fingerprint_alone(world: World) -> None:
    token = new_token()
    opened(world, token)

    assert token.secret not in world.aws.everything(world.resources)
