"""The office's acts: stored in order, and deleted with their account. Erasures name no account."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry, Author, Erasure
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

MINUTE = timedelta(minutes=1)


def act(
    at: datetime = OPENING_MORNING, account: str = "a1b2", site: str = "evry-xenakis", why: str = "appel"
) -> AuditEntry:
    return AuditEntry("unlocked", site, account, Author("Mme Houx", why), at)


def note(world: World, *acts: AuditEntry) -> None:
    for entry in acts:
        world.services.audit_trail.add(entry)


def test_acts_come_back_as_they_were_oldest_first(world: World) -> None:
    acts = [act(OPENING_MORNING + number * MINUTE) for number in (2, 0, 1)]
    note(world, *acts)

    assert list(world.services.audit_trail.on("evry-xenakis", "a1b2")) == [acts[1], acts[2], acts[0]]


def test_two_acts_of_the_same_second_are_both_kept(world: World) -> None:
    note(world, act(why="un"), act(why="deux"))

    assert {each.author.why for each in world.services.audit_trail.on("evry-xenakis", "a1b2")} == {"un", "deux"}


def test_acts_are_forgotten_with_their_account_however_many(world: World) -> None:
    note(world, *(act(why=str(number)) for number in range(30)), act(account="other"))

    world.database.write_all(world.services.audit_trail.deletions("evry-xenakis", "a1b2"))

    assert list(world.services.audit_trail.on("evry-xenakis", "a1b2")) == []
    assert list(world.services.audit_trail.on("evry-xenakis", "other")) == [act(account="other")]


def test_an_erasure_is_one_item_from_its_beginning_to_its_end(world: World) -> None:
    erasure = Erasure.of((ROSSIGNOL, AccountRef("evry-magnard", "mag1")), "Mme Houx", "purged", world.now)

    world.services.audit_trail.add_erasure(erasure)
    assert list(world.services.audit_trail.erasures()) == [erasure]

    end = erasure.with_erased((ROSSIGNOL,))
    world.services.audit_trail.add_erasure(end)
    assert list(world.services.audit_trail.erasures()) == [end]


def test_erasures_come_oldest_first_and_are_no_acts(world: World) -> None:
    first = Erasure.of((ROSSIGNOL,), "Mme Houx", "asked", world.now)
    second = replace(Erasure.of((ROSSIGNOL,), "M. Orme", "mistake", world.now), at=world.now + MINUTE)
    for erasure in (second, first):
        world.services.audit_trail.add_erasure(erasure)
    note(world, act(site="*"))

    assert list(world.services.audit_trail.erasures()) == [first, second]
