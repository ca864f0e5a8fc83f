"""Every account found by its addresses: for what was written before there was a table of them, or under another key."""

from chalicelib.infra.batches import batches
from chalicelib.services.family import Services
from chalicelib.values import frozen

_AT_ONCE = 100  # accounts


@frozen
class Entered:
    """How many accounts were read, and how many addresses they have."""

    accounts: int
    addresses: int


def enter_everybody(services: Services) -> Entered:
    """Enter the addresses of all accounts, guardians' own logins too, then delete the entries that sealed a name.

    It may be stopped and run again, at will. Raises `Unavailable`.
    """
    accounts = addresses = 0
    for some in batches(services.accounts.every(), _AT_ONCE):
        services.accounts.enter_all_mailboxes(some)
        accounts += len(some)
        addresses += sum(len(account.emails) for account in some)
    services.mailboxes.forget_sealed()
    return Entered(accounts, addresses)
