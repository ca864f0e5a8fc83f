"""A place out of order: only a free one, for a candidate who wishes for it, with a written reason, to one holder."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.account import pseudonym
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, PoolRef
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.offer_place import PlaceOffer, offer_place
from chalicelib.wings.admission.office.offers import advance
from tests.support.admission import stores
from tests.support.allocation import HARP, PIANO, TERM, VIOLIN, ask, asked, close, held, pool
from tests.support.world import World

A, B, C = (f"P26-{letter * 4}-2222" for letter in "ABC")
AUTHOR = Author("Mme Lyre", "Erreur de saisie au premier envoi.")


@pytest.fixture
def last(world: World) -> CandidateRef:
    """Let three families wait for one place of violin, and the last of them for a harp too."""
    close(world, {VIOLIN: 1, HARP: 1})
    ask(world, A, VIOLIN)
    ask(world, B, VIOLIN)
    return ask(world, C, VIOLIN, HARP)


def offer(world: World, pool: PoolRef = VIOLIN, author: Author = AUTHOR, *, is_taken: bool = False) -> bool:
    """Offer the last family a place. Returns whether it is new."""
    application = asked(world, CandidateRef(C, ""))
    (candidate,) = application.answers.candidates
    return offer_place(world.services, application, PlaceOffer(pool, candidate, author, is_taken), world.now)


def refusal(world: World, pool: PoolRef = VIOLIN, author: Author = AUTHOR) -> str:
    with pytest.raises(OfficeRefusal) as error:
        offer(world, pool, author)
    return error.value.code


def test_a_free_place_is_offered_to_who_is_not_first_told_and_audited(world: World, last: CandidateRef) -> None:
    assert offer(world)
    assert not offer(world)
    world.deliver()

    (holder,) = pool(world, VIOLIN).holders
    assert (holder.candidate, holder.state, holder.by, holder.why) == (last, "offered", AUTHOR.who, AUTHOR.why)
    assert [mail.to for mail in world.mails()] == [f"{C.lower()}@example.org"]
    ref = audited_as(asked(world, last).ref)
    (entry,) = world.services.audit_trail.on(ref.site, pseudonym(world.services, ref))
    assert (entry.kind, AUTHOR.why in entry.author.why) == ("place_offered", True)


def test_a_place_is_given_at_once_to_who_said_yes_and_ends_its_other_offers(world: World, last: CandidateRef) -> None:
    stores(world).pools.revise(HARP, lambda one: one.offer(Offer(last, world.now + TERM), world.now))

    offer(world, is_taken=True)
    world.deliver()

    assert (held(world, VIOLIN), held(world, HARP)) == ({last: "taken"}, {})
    assert [mail.subject for mail in world.mails()] == ["Vous avez accepté une place - Evry - Magnard"]


def test_an_offer_is_taken_where_the_family_says_yes_on_the_telephone(world: World, last: CandidateRef) -> None:
    offer(world)

    offer(world, is_taken=True)

    assert held(world, VIOLIN) == {last: "taken"}


def test_nobody_loses_a_place_for_it(world: World, last: CandidateRef) -> None:
    advance(world.services, world.now)

    assert refusal(world) == "place_none_free"
    assert last not in held(world, VIOLIN)


def test_what_makes_no_sense_is_refused(world: World, last: CandidateRef) -> None:
    assert refusal(world, author=Author("Mme Lyre", " ")) == "author_missing"
    assert refusal(world, replace(VIOLIN, code="piano")) == "place_meanwhile"
    assert refusal(world, PIANO) == "place_meanwhile"
    stores(world).pools.revise(HARP, lambda one: one.offer(Offer(last, world.now + TERM), world.now))
    stores(world).pools.revise(HARP, lambda one: one.take(last, world.now))
    assert refusal(world) == "place_taken_elsewhere"
    application = asked(world, last)
    stores(world).applications.change(application, application.withdraw([last.key], world.now))
    assert refusal(world) == "place_over"


def test_given_while_the_job_gives_it_a_place_has_one_holder(world: World, last: CandidateRef) -> None:
    for _ in range(6):

        def office() -> None:
            with suppress(OfficeRefusal, Unavailable):
                offer(world, is_taken=True)

        def job() -> None:
            with suppress(Unavailable):
                advance(world.services, world.now)

        with ThreadPoolExecutor(2) as threads:
            for future in [threads.submit(office), threads.submit(job)]:
                future.result()

        assert len(held(world, VIOLIN)) == 1
        assert held(world, VIOLIN) in ({last: "taken"}, {CandidateRef(A, last.key): "offered"})
        for ref in (VIOLIN, HARP):
            bare = pool(world, ref)
            stores(world).pools.change(bare, replace(bare, holders=(), passed=(), started_at=None))
