"""Candidates decided on together: once, even if another member decides at the same moment."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from chalicelib import wiring
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput, CandidateVersion
from chalicelib.wings.admission.office.selection import (
    CandidateOutcome,
    SelectedCandidate,
    decide_selection,
    preview,
    undo_selection,
)
from chalicelib.wings.admission.office.undo import UNDOS, seal_undo
from tests.support.applications import NILS, NUMBER, SEASON
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission, states, stored, stores_of
from tests.support.world import World

SITES = ("evry-xenakis", "evry-magnard")
UGO = PIE.candidates[0]
NILS_REF, UGO_REF = CandidateRef(NUMBER, NILS.key), CandidateRef(PIE_NUMBER, UGO.key)
AWAKENING = PoolRef("evry-xenakis", SEASON, "eveil-musical")
GUITAR = PoolRef("evry-magnard", SEASON, "guitare")
HARP = PoolRef("villabe-yves-henry", SEASON, "harpe")
ACCEPT = AdmissionDecisionInput("accepted", "Mme Lyre")


def choices(world: World) -> list[SelectedCandidate]:
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER)
    pairs = ((NUMBER, NILS.key), (PIE_NUMBER, UGO.key))
    return [SelectedCandidate(number, CandidateVersion.of(stored(world, number), key)) for number, key in pairs]


def decide_shown(
    services: OfficeServices, selection: Sequence[SelectedCandidate], decision: AdmissionDecisionInput, now: datetime
) -> tuple[CandidateOutcome, ...]:
    return decide_selection(services, preview(services, selection, decision, SITES, now), decision, now)


def test_two_members_who_accept_the_same_list_at_once_make_each_account_once(world: World) -> None:
    """A real race, each with its own connection."""
    selection, barrier = choices(world)[:1], Barrier(2)

    def act(name: str) -> tuple[CandidateOutcome, ...]:
        services = OfficeServices.over(wiring.build(world.services.settings, calls=1, patience=20))
        barrier.wait()
        return decide_shown(services, selection, AdmissionDecisionInput("accepted", name), world.now)

    with ThreadPoolExecutor(2) as pool:
        results = [outcome.outcome for (outcome,) in pool.map(act, ("Mme Lyre", "M. Orme"))]

    assert results.count("done") == 1
    assert set(results) <= {"done", "already", "refused"}
    assert len(list(world.services.accounts.all())) == 1
    assert states(world) == {"Alba": "sent", "Nils": "accepted"}


def test_an_application_that_is_gone_is_left_out_of_the_decision_and_of_its_undo(world: World) -> None:
    selection, wait = choices(world), AdmissionDecisionInput("waiting", "Mme Lyre")
    outcomes = decide_shown(world.services, selection, wait, world.now)
    pairs = [(one.pupil.application, one.entry) for one in outcomes if one.pupil and one.entry]
    undos = UNDOS.open(world.services, seal_undo(world.services, pairs))
    world.services.admission.applications.forget(stored(world, PIE_NUMBER))

    anew, _ = preview(world.services, selection, wait, SITES, world.now)
    back = undo_selection(world.services, undos, "Mme Lyre", SITES, world.now)

    assert [one.outcome for one in anew] == ["already", "refused"]
    assert [one.outcome for one in back] == ["undone", "refused"]
    assert [one.refusal.code for one in (*anew, *back) if one.refusal] == ["request_vanished"] * 2
    assert states(world) == {"Alba": "sent", "Nils": "sent"}


def give(world: World, ref: PoolRef, discipline: str, candidate: CandidateRef) -> None:
    offer = Offer(candidate, world.now)
    stores_of(world).pools.change(None, Pool(ref, discipline, total=2).give(offer, world.now))


def test_each_acceptance_reads_again_its_own_places_and_no_whole_site(world: World) -> None:
    selection = choices(world)
    give(world, AWAKENING, "Éveil musical", NILS_REF)
    give(world, GUITAR, "Guitare", UGO_REF)
    give(world, HARP, "Harpe", UGO_REF)  # of a wish given up: Ugo holds two for a moment
    world.aws.table_requests.clear()

    outcomes = decide_shown(world.services, selection, ACCEPT, world.now)

    assert [one.outcome for one in outcomes] == ["done", "done"]
    calls = [call.rpartition(".")[2] for call, table in world.aws.table_requests if table == "test-places"]
    queries = ["Query"] * len(world.services.settings.network.sites)  # for the preview
    assert calls == [*queries, *["BatchGetItem", "UpdateItem"] * 2]  # then the place, and the number of the account


def test_a_place_given_back_while_others_are_accepted_is_missed(world: World) -> None:
    selection = choices(world)
    give(world, AWAKENING, "Éveil musical", NILS_REF)
    give(world, GUITAR, "Guitare", UGO_REF)

    def give_back() -> None:
        stores_of(world).pools.revise(GUITAR, lambda pool: pool.release(UGO_REF))

    with world.aws.interrupted("UpdateItem", give_back):
        outcomes = decide_shown(world.services, selection, ACCEPT, world.now)

    assert [one.outcome for one in outcomes] == ["done", "refused"]
    assert [one.refusal.code for one in outcomes if one.refusal] == ["request_holds_nothing"]
    assert states(world, PIE_NUMBER) == {"Ugo": "sent"}


def test_declining_a_selection_frees_the_place_of_a_wish_given_up(world: World) -> None:
    selection = choices(world)
    give(world, HARP, "Harpe", UGO_REF)

    decline = AdmissionDecisionInput("declined", "Mme Lyre", "Pas de place.")
    outcomes = decide_shown(world.services, selection, decline, world.now)

    pool = stores_of(world).pools.find(HARP)
    assert pool
    assert (pool.holders, [one.entry.is_final for one in outcomes if one.entry]) == ((), [False, True])
