"""PayFiP's stand-in, for the services of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.support.world import World
from tools.local.payfip import LocalPayFip, serving


@contextmanager
def payfip(world: World) -> Iterator[LocalPayFip]:
    """Have the world's services use a stand-in inside the block, which has the world's clock."""
    services = world.services
    payment = services.settings.network.payment
    assert payment
    with serving(lambda: world.now) as local:
        network = replace(services.settings.network, payment=replace(payment, address=local.address))
        world.services = replace(services, settings=replace(services.settings, network=network))
        yield local
    world.services = replace(services)
