"""The sessions table: only the fingerprint of a token is stored, until it expires or is closed."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib import wiring
from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.account.sessions import OpenedBy, Session, Token
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.settings.environment import Settings
from tests.support.world import ROSSIGNOL, World

ACCOUNT = Account(ROSSIGNOL, "Famille Rossignol", (), new_stamp())
MINUTE = timedelta(minutes=1)


def opened(world: World, by: OpenedBy = "login", previous: datetime | None = None) -> tuple[Token, Session]:
    token = Token.new(ROSSIGNOL.site)
    session = Session.open(token, ACCOUNT, world.now, by=by, previous_login=previous)
    world.database.write_together(world.services.sessions.put(session))
    return token, session


def expires(world: World, token: Token) -> object:
    """Read the attribute by which DynamoDB deletes: a number of seconds."""
    key = {"site": token.site, "identifier": token.fingerprint}
    lookup = Lookup(world.resources.sessions_table, key, lambda item: item and item["expires"])
    return world.database.read(lookup)


def test_the_table_holds_no_token(world: World) -> None:
    token, _ = opened(world)

    everything = world.aws.everything(world.resources)

    assert token.fingerprint in everything
    assert token.secret not in everything


def test_dynamodb_may_delete_it_once_it_is_over(world: World) -> None:
    token, session = opened(world)
    late = session.opened_at + timedelta(hours=11, minutes=30)

    assert expires(world, token) == int(world.now.timestamp()) + 3600
    world.services.sessions.touch(session, late)
    assert expires(world, token) == int(world.now.timestamp()) + 12 * 3600


def test_of_two_pages_seen_at_once_the_first_is_written_and_no_one_fails(world: World) -> None:
    token, session = opened(world)
    world.services.sessions.touch(session, world.wait(6 * MINUTE))
    first = world.now

    world.services.sessions.touch(session, world.wait(MINUTE))

    assert world.services.sessions.find(token) == replace(session, seen_at=first)


def test_who_said_to_be_there_is_kept_and_stays_when_it_is_seen(world: World) -> None:
    token, session = opened(world)

    world.services.sessions.remember(session, "Mme Rossignol", world.wait(6 * MINUTE))

    session_now = world.services.sessions.find(token)
    assert session_now == replace(session, speaker="Mme Rossignol", seen_at=world.now)
    world.services.sessions.touch(session_now, world.wait(6 * MINUTE))
    assert world.services.sessions.find(token) == replace(session_now, seen_at=world.now)


def test_who_said_to_be_there_while_another_page_logs_out_does_not_bring_the_session_back(world: World) -> None:
    token, session = opened(world)
    world.database.write_together(world.services.sessions.delete(token))

    world.services.sessions.remember(session, "Mme Rossignol", world.wait(MINUTE))

    assert world.services.sessions.find(token) is None


def test_a_page_seen_whose_answer_is_lost_is_content(world: World, settings: Settings) -> None:
    token, session = opened(world)
    patient = wiring.build(settings, calls=2, patience=20)

    with world.aws.failing("UpdateItem", "after", times=1):
        patient.sessions.touch(session, world.wait(6 * MINUTE))

    assert world.services.sessions.find(token) == replace(session, seen_at=world.now)


def test_the_office_reads_and_closes_the_sessions_of_an_account_without_their_tokens(world: World) -> None:
    (token, session), (_, second) = opened(world), opened(world)

    assert {stored.fingerprint for stored in world.services.sessions.of_account(ROSSIGNOL)} == {
        session.fingerprint,
        second.fingerprint,
    }
    twin = AccountRef("evry-magnard", ROSSIGNOL.identifier)
    assert world.services.sessions.of_account(twin) == ()
    world.database.write_all(world.services.sessions.deletions(twin))
    assert world.services.sessions.find(token) == session

    world.database.write_all(world.services.sessions.deletions(ROSSIGNOL))

    assert world.services.sessions.find(token) is None
