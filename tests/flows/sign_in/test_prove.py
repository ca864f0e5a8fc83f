"""A proof of an open session: each fault leaves a form that can be sent again."""

import pytest

from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import Refusal, Unavailable
from chalicelib.flows.family.family import AuthenticatedRequest
from chalicelib.flows.family.visit import enter
from chalicelib.flows.sign_in.code import code_request_of
from chalicelib.flows.sign_in.prove import ask_for_proof, prove_by_code, prove_by_password
from tests.support.admission import mailed_code
from tests.support.aws import When
from tests.support.world import PASSWORD, World


def request_of(world: World) -> AuthenticatedRequest:
    """Open a session by a passkey."""
    token = Token.new(world.settle().ref.site)
    session = Session.open(token, world.account(), world.now, by="passkey", previous_login=None)
    world.database.write_together(world.services.sessions.put(session))
    visitor = enter(world.services, token, world.client, world.now)
    return AuthenticatedRequest(visitor, world.new_client(), world.now)


def is_proven(world: World, request: AuthenticatedRequest) -> bool:
    session = world.services.sessions.find(request.visitor.token)
    return session is not None and session.is_proven(world.now)


def tried(world: World, request: AuthenticatedRequest, typed: str) -> str:
    try:
        prove_by_password(world.services, request, typed)
    except (Refusal, Unavailable) as refusal:
        return type(refusal).__name__
    return "proven"


def test_wrong_passwords_are_counted_as_at_login_and_prove_nothing(world: World) -> None:
    request = request_of(world)

    outcomes = [tried(world, request, typed) for typed in ("", *["Faux1234"] * 6, PASSWORD)]

    assert outcomes == ["FieldsRefused"] * 6 + ["SlowedDown"] * 2
    assert not is_proven(world, request)
    events = [event["event"] for event in world.events()]
    assert events.count("sign_in_proof_refused") == 5


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["UpdateItem", "BatchWriteItem"])
def test_a_fault_while_a_password_is_proven_is_mended_by_the_same_form(world: World, call: str, when: When) -> None:
    request = request_of(world)
    with world.aws.failing(call, when):
        assert tried(world, request, PASSWORD) == "Unavailable"

    assert tried(world, request, PASSWORD) == "proven"
    assert is_proven(world, request)


def test_a_session_closed_concurrently_is_not_opened_by_its_proof(world: World) -> None:
    request = request_of(world)
    cookie = ask_for_proof(world.services, request)
    world.deliver()
    world.database.write_together(world.services.sessions.close(request.visitor.session))
    asked = code_request_of(world.services, cookie)
    assert asked

    prove_by_code(world.services, request, asked, mailed_code(world))

    assert world.services.sessions.find(request.visitor.token) is None
