"""Payments for tests: a stand-in for a whole file, and acts of a family that pays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.wings.billing.domain.bills import Bills, Invoice
from chalicelib.wings.billing.services import lookups, with_online
from chalicelib.wings.payment.domain.attempts import Attempt, Payments
from chalicelib.wings.payment.flows.pay import pay
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.billing import TO_PAY
from tests.support.world import ROSSIGNOL, World
from tools.local.payfip import STATES, LocalPayFip, Operation, serving


@contextmanager
def using_payfip(world: World, standin: LocalPayFip) -> Iterator[LocalPayFip]:
    """Have the world's services use a stand-in inside the block, with the world's clock, and no operation yet."""
    object.__setattr__(standin, "clock", lambda: world.now)
    object.__setattr__(standin, "slowness", 0.0)
    standin.operations.clear()
    standin.create.clear()
    services, network = world.services, world.services.settings.network
    assert network.payment
    network = replace(network, payment=replace(network.payment, address=standin.address))
    world.services = replace(services, settings=replace(services.settings, network=network))
    with wiring.using(world.services):
        yield standin


@contextmanager
def payfip(world: World) -> Iterator[LocalPayFip]:
    """Have the world's services use a stand-in of its own inside the block."""
    with serving() as standin, using_payfip(world, standin):
        yield standin


def begin(world: World, token: Token, invoice: Invoice = TO_PAY) -> Attempt:
    """Click on « Payer » of a bill."""
    return pay(world.visit(token), invoice.code)


def payments(world: World, ref: AccountRef = ROSSIGNOL) -> Payments:
    """Read the attempts of a family."""
    return world.services.store(PaymentStore).find(ref)


def states(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    """Read the state of each attempt of a family, oldest first."""
    return [attempt.state for attempt in payments(world, ref).attempts]


def bills(world: World, ref: AccountRef = ROSSIGNOL) -> Bills:
    """Read the bills of a family as its pages show them."""
    return with_online(world.database.read_together(*lookups(world.services, ref)))


def choose(standin: LocalPayFip, attempt: Attempt, choice: str) -> Operation:
    """Click on a button of the service's page, whose notification gets lost."""
    operation = standin.operations[attempt.operation]
    operation.is_used, operation.answers[:] = True, STATES[choice][1]
    return operation


def pass_time(world: World, minutes: float, step: float = 9) -> datetime:
    """Let time pass, and have the queue deliver at least so often."""
    while minutes > 0:
        world.wait(timedelta(minutes=min(step, minutes)))
        world.aws.come_again()
        world.deliver()
        minutes -= step
    return world.now
