"""`make run` on a busy machine."""

from chalicelib import wiring
from chalicelib.services.family import Services
from tests.support.world import World
from tools.local.stage import PATIENCE, patient_services


def seconds_for_a_call(services: Services) -> float:
    return float(services.database._client.meta.config.read_timeout)  # type: ignore[attr-defined]  # noqa: SLF001


def test_only_the_service_of_this_machine_waits_long_for_its_tables(world: World) -> None:
    settings = world.services.settings

    assert seconds_for_a_call(wiring.build(settings)) == 2
    assert seconds_for_a_call(patient_services(settings)) == PATIENCE == 60
