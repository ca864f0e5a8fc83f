"""A proof of an open session: each fault leaves a form that can be sent again."""

from chalicelib.domain.account.sessions import Session, Token
from chalicelib.domain.refusals import Refusal, Unavailable
from chalicelib.flows.family.visit import Visitor, enter
from chalicelib.flows.login_methods.code import code_request_of
from chalicelib.flows.login_methods.prove import ask_for_proof, prove_by_code, prove_by_password
from tests.support.admission import mailed_code
from tests.support.aws import When, faults_of
from tests.support.world import PASSWORD, World


def visitor_in(world: World) -> Visitor:
    """Open a session by a passkey."""
    token = Token.new(world.settle().ref.site)
    session = Session.open(token, world.account(), world.now, by="passkey", previous_login=None)
    world.database.write_together(world.services.sessions.put(session))
    return enter(world.visit(token))


def is_proven(world: World, visitor: Visitor) -> bool:
    session = world.services.sessions.find(visitor.token)
    return session is not None and session.is_proven(world.now)


def tried(world: World, visitor: Visitor, text: str) -> str:
    try:
        prove_by_password(world.visit(), visitor, text)
    except (Refusal, Unavailable) as refusal:
        return type(refusal).__name__
    return "proven"


def test_wrong_passwords_are_counted_as_at_login_and_prove_nothing(world: World) -> None:
    visitor = visitor_in(world)

    outcomes = [tried(world, visitor, typed) for typed in ("", *["Faux1234"] * 6, PASSWORD)]

    assert outcomes == ["FieldsRefused"] * 6 + ["SlowedDown"] * 2
    assert not is_proven(world, visitor)
    assert [event["event"] for event in world.events()].count("sign_in_proof_refused") == 5


@faults_of("UpdateItem", "BatchWriteItem")
def test_a_fault_while_a_password_is_proven_is_mended_by_the_same_form(world: World, call: str, when: When) -> None:
    visitor = visitor_in(world)
    with world.aws.failing(call, when):
        assert tried(world, visitor, PASSWORD) == "Unavailable"

    assert tried(world, visitor, PASSWORD) == "proven"
    assert is_proven(world, visitor)


def test_a_session_closed_concurrently_is_not_opened_by_its_proof(world: World) -> None:
    visitor = visitor_in(world)
    cookie = ask_for_proof(world.visit(), visitor)
    world.deliver()
    world.database.write_together(world.services.sessions.close(visitor.session))
    request = code_request_of(world.services, cookie)
    assert request

    prove_by_code(world.visit(), visitor, request, mailed_code(world))

    assert world.services.sessions.find(visitor.token) is None
