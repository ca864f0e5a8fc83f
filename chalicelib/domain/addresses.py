"""The addresses on file of an account, as the office changes them; what sits in a mailbox left behind opens nothing."""

from dataclasses import dataclass, field, replace

from chalicelib.domain.accounts import Account, new_stamp
from chalicelib.domain.households import Guardian
from chalicelib.domain.pseudonyms import Pseudonyms


@dataclass(frozen=True)
class Readdressing:
    """An address to add, one to take away, or both: then the first takes the place of the second."""

    added: str | None = field(default=None, repr=False)
    removed: str | None = field(default=None, repr=False)


def readdressed(account: Account, wish: Readdressing, pseudonyms: Pseudonyms) -> Account:
    """Give the account with its addresses changed, and those of its guardians.

    Where an address is left behind, mailed passwords end with it: those not used yet, and one that was used and kept,
    with the sessions it opened. A mark of a mailbox that fails stays with an address that stays.
    """
    emails = tuple(dict.fromkeys(_moved(account.emails, wish)))
    staying = {pseudonyms.of_mailbox(email) for email in emails if email in account.emails}
    after = replace(
        account,
        emails=emails,
        household=replace(account.household, guardians=_guardians(account.household.guardians, wish)),
        failing=tuple(each for each in account.failing if each.mailbox in staying),
    )
    return _without_mailed_passwords(after) if wish.removed else after


def _moved(emails: tuple[str, ...], wish: Readdressing) -> tuple[str, ...]:
    if wish.removed is None:
        return (*emails, wish.added) if wish.added else emails
    changed = (wish.added if email == wish.removed else email for email in emails)
    return tuple(email for email in changed if email)


def _guardians(guardians: tuple[Guardian, ...], wish: Readdressing) -> tuple[Guardian, ...]:
    """Move the guardian whose address it was; a further address is that of the one guardian who had none, if so."""
    if wish.removed is None:
        without = [guardian for guardian in guardians if not guardian.email]
        wanting = without[0] if len(without) == 1 else None
        return tuple(replace(each, email=wish.added or "") if each is wanting else each for each in guardians)
    return tuple(replace(each, email=wish.added or "") if each.email == wish.removed else each for each in guardians)


def _without_mailed_passwords(account: Account) -> Account:
    is_mailed = account.password is not None and account.password.origin == "mailed"
    after = replace(account, mailed=())
    return replace(after, password=None, stamp=new_stamp()) if is_mailed else after
