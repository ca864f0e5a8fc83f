"""A family of two guardians with a login each: Aimée the first, Côme his own."""

from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.logins import new_login, with_login
from chalicelib.domain.family.households import Guardian, Household
from tests.support.enrolment import EVE, IN_JUNE, LEO, ZELIE, open_season
from tests.support.world import ROSSIGNOL, World

AIMEE: Final = "Mme Aimée Rossignol"
COME: Final = "M. Côme Merle"
COMES: Final = AccountRef(ROSSIGNOL.site, "xen1r2")
COMES_PASSWORD: Final = "Merle7Noir"
HOUSEHOLD: Final = Household(
    guardians=(
        Guardian(AIMEE, "rossignol@example.org", "06 99 00 10 01"),
        Guardian(COME, "come@example.net", "06 99 00 20 02"),
    ),
    address=("3 allée des Tilleuls", "91000 Evry"),
    pupils=(ZELIE, LEO, EVE),
)


def settle_family(world: World, **values: Any) -> Account:
    """Store the family in its season, with one login."""
    open_season(world, IN_JUNE, display_identifier="XEN 1")
    account = replace(world.account(), household=HOUSEHOLD, emails=("rossignol@example.org", "come@example.net"))
    return put(world, replace(account, **values))


def settle_two_logins(world: World, **values: Any) -> Account:
    """Store the family, and Côme's own login."""
    family = settle_family(world, **values)
    secret = Password(world.services.hasher.hash(COMES_PASSWORD), world.now, "chosen")
    put(world, replace(new_login(family, family.household.guardians[1], COMES), password=secret))
    return put(world, with_login(family, family.household.guardians[1], COMES))


def put(world: World, account: Account) -> Account:
    """Store a whole account."""
    world.services.accounts.enter_mailboxes(account)
    world.database.write_together(world.services.accounts.put(account))
    account_now = world.account(account.ref)
    world.aws.calls.clear()
    return account_now
