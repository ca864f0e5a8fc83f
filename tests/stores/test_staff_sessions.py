"""The sessions of the desk: read back, used, proven again, with a challenge that works once."""

import threading
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from tests.support.staff import member, stores
from tests.support.world import World


def opened(world: World) -> tuple[Token, StaffSession]:
    token = new_token()
    session = StaffSession.open(token, member(world), "open", world.now)
    world.database.write_together(stores(world).sessions.put(session))
    return token, session


def test_it_is_seen_later_and_never_after_it_was_closed(world: World) -> None:
    token, session = opened(world)
    later = world.wait(timedelta(minutes=6))
    sessions = stores(world).sessions

    sessions.touch(session, later)
    assert sessions.find(token) == replace(session, seen_at=later)

    world.database.write_together(sessions.delete(token))
    sessions.touch(session, later)
    sessions.prove(session, later)
    sessions.challenge(session, "a challenge")
    assert sessions.find(token) is None


def test_a_proof_shown_again_is_kept(world: World) -> None:
    token, session = opened(world)

    stores(world).sessions.prove(session, world.now)

    assert stores(world).sessions.find(token) == replace(session, proven_at=world.now)


def test_a_challenge_is_used_once(world: World) -> None:
    token, session = opened(world)
    stores(world).sessions.challenge(session, "a challenge")
    staff_session = stores(world).sessions.find(token)
    assert staff_session is not None
    together, used = threading.Barrier(4), list[bool]()

    def use() -> None:
        together.wait()
        used.append(stores(world).sessions.use_challenge(staff_session))

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(used) == [False, False, False, True]
