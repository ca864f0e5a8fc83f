"""The helpdesk in a test's world: acts on the family's account, its tries, logins, and pending requests beside."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.account.devices import Device
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.refusals import LoginRefused, SlowedDown
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.office.account import pseudonym
from chalicelib.stores.attempts import AttemptTimes
from tests.support.function_policy import BESIDE
from tests.support.world import PASSWORD, ROSSIGNOL, World


def acts_on(world: World, ref: AccountRef = ROSSIGNOL) -> list[AuditEntry]:
    """List the office's acts on an account."""
    return list(world.services.audit_trail.on(ref.site, pseudonym(world.services, ref)))


def kinds(world: World, ref: AccountRef = ROSSIGNOL) -> list[str]:
    """List the kinds of the acts on an account."""
    return [act.kind for act in acts_on(world, ref)]


def enter(world: World, password: str = PASSWORD, ref: AccountRef = ROSSIGNOL) -> None:
    """Log in from a new browser."""
    log_in(world.visit(), Credentials(ref, password))


def try_in_vain(world: World, times: int = 5, ref: AccountRef = ROSSIGNOL, device: Device | None = None) -> None:
    """Count failed tries at an account."""
    for _ in range(times):
        world.services.attempts.reserve(AttemptTimes.on_account(ref, device), LOGIN_OF_ACCOUNT, world.now)


@contextmanager
def beside(act: Callable[[], object], number: int = 3) -> Iterator[Callable[[], None]]:
    """Run threads beside the block. Gives a function that waits for them, as the end of the block does."""
    threads = [threading.Thread(target=act, name=BESIDE) for _ in range(number)]

    def wait() -> None:
        for thread in threads:
            thread.join()

    for thread in threads:
        thread.start()
    yield wait
    wait()


def keep_logging_in(world: World) -> Callable[[], None]:
    """Make a visitor who logs in three times, until they are refused."""

    def come() -> None:
        for _ in range(3):
            try:
                enter(world)
            except (LoginRefused, SlowedDown):
                return

    return come
