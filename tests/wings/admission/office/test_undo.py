"""A decision on a candidate taken back: not an acceptance, and never a withdrawal by the family."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.refusals import NotThere
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.office.undo import UNDOS, seal_undo, undo_decision
from tests.support.applications import NILS
from tests.support.dossiers import ApplicationDossier, refusal
from tests.support.stored_applications import accept, decide, standing, stored, withdraw
from tests.support.world import World

WAIT = AdmissionDecisionInput("waiting", "Mme Lyre")


def test_an_undo_and_the_family_s_withdrawal_at_once_leave_it_withdrawn(world: World) -> None:
    """A real race, each with its own connection."""
    dossier = ApplicationDossier(world)
    fresh = world.aws.keep(world.resources)
    for _ in range(3):
        fresh()
        text, together = dossier.seal(decide(world, WAIT, "Nils")), Barrier(2)

        def act(text: str = text, together: Barrier = together) -> None:
            services = OfficeServices.over(wiring.build(world.services.settings, calls=1, patience=20))
            together.wait()
            with suppress(OfficeRefusal):
                dossier.undo(text, services)

        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(act)
            together.wait()
            withdraw(world, NILS.key)
            answer.result()
        assert standing(world, NILS.key).withdrawn_at == world.now
        assert refusal(partial(dossier.undo, text)).code == "request_withdrawn"


def test_an_acceptance_opens_an_account_and_is_not_taken_back(world: World) -> None:
    dossier = ApplicationDossier(world)
    assert dossier.seal(accept(world, "Nils")) == ""


def test_a_decision_is_taken_back_on_its_own_application_only(world: World) -> None:
    ApplicationDossier(world)
    entry, application = decide(world, WAIT, "Nils"), stored(world)
    text = seal_undo(world.services, [(application, entry)])
    assert application.sent
    other_file = replace(application, sent=replace(application.sent, number="P27-AAAA-9999"))

    with pytest.raises(NotThere):
        undo_decision(world.services, other_file, UNDOS.open(world.services, text)[0], "Mme Lyre", world.now)
