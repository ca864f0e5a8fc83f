"""The sessions of the desk: read back, used, proven again, with a challenge that works once."""

import threading
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.staff.staff_sessions import IdentityCheck, StaffSession, new_token
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


def test_a_verified_identity_is_remembered_with_the_last_eight(world: World) -> None:
    token, session = opened(world)
    sessions = stores(world).sessions

    def note(file: str, words: str = "au guichet") -> None:
        current = sessions.find(token)
        assert current is not None
        sessions.note_check(current, IdentityCheck(f"evry-xenakis {file}", words, world.now))

    def files() -> list[str]:
        current = sessions.find(token)
        return [check.file.split()[1] for check in current.checks] if current else []

    for number in range(9):
        note(f"xen{number}")
    note("long", "x" * 201)
    assert files() == [f"xen{number}" for number in range(8, 0, -1)]
    sessions.note_check(session, IdentityCheck("evry-xenakis xen9", "au guichet", world.now))
    assert "xen9" not in files(), "a page that read less overwrites nothing"
    sessions.forget_opened("evry-xenakis", "xen4")
    assert files() == [f"xen{number}" for number in (8, 7, 6, 5, 3, 2, 1)]
    world.wait(timedelta(minutes=31))
    note("xen4")
    assert files() == ["xen4"], "the others are of former visits"
    sessions.forget_opened("evry-xenakis", "xen4")
    note("xen5")
    assert files() == ["xen5"]
    world.database.write_together(sessions.delete(token))
    sessions.note_check(session, IdentityCheck("evry-xenakis xen9", "au guichet", world.now))
    assert sessions.find(token) is None, "a closed session stays closed"
