"""An undo of a re-enrolment's decision and a colleague's other decision: one outcome, known to both."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from chalicelib import wiring
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from tests.support.dossiers import EnrolmentDossier
from tests.support.enrolled_families import decide
from tests.support.world import World

ASK = EnrolmentDecisionInput("to_complete", "M. Orme", "Quel jour préférez-vous ?", again=True)
ACCEPT = EnrolmentDecisionInput("accepted", "Mme Lyre")


def test_an_undo_and_another_decision_at_once_have_one_outcome(world: World) -> None:
    """A real race, each with its own connection: the other decision stands, before or after the undo."""
    dossier = EnrolmentDossier(world)
    fresh = world.aws.keep(world.resources)
    for _ in range(4):
        fresh()
        (entry,) = decide(world.services, ACCEPT, world.now, "Zélie")
        text, together = dossier.seal(entry), Barrier(2)

        def act(is_undo: bool, text: str = text, together: Barrier = together) -> str:
            rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
            services = OfficeServices.over(replace(rebuilt, periods=world.services.periods))
            together.wait()
            try:
                if is_undo:
                    dossier.undo(text, services)
                else:
                    decide(services, ASK, world.now, "Zélie")
            except OfficeRefusal as refusal:
                return refusal.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            codes = tuple(pool.map(act, [True, False]))

        assert (*codes, dossier.state("Zélie")) in {
            ("done", "done", "to_complete"),
            ("decide_meanwhile", "done", "to_complete"),
            ("done", "decide_meanwhile", "submitted"),
        }
