"""A family's further identifiers: each is an item that names the account, and opens it while the account lists it.

The account keeps its key, and with it all that is stored under it (docs/decisions/0163).
"""

from dataclasses import replace

from chalicelib.domain.account.accounts import ALIAS, Account, AccountRef, new_stamp
from chalicelib.domain.account.identifiers import identifier_from


def new_alias(family: Account, identifier: str) -> Account:
    """Make the item of a further identifier."""
    ref = AccountRef(family.ref.site, identifier)
    return Account(ref, "", (), new_stamp(), role=ALIAS, family=family.ref.identifier)


def data_ref(account: Account) -> AccountRef:
    """Return the account that has an account's data, or that these are being merged into."""
    name = account.merging_into or (account.family if account.role == ALIAS else account.ref.identifier)
    return AccountRef(account.ref.site, name)


def is_alias_of(alias: Account, family: Account | None) -> bool:
    """Whether an item is an identifier of this family, which still lists it."""
    if alias.role != ALIAS or family is None or family.ref != AccountRef(alias.ref.site, alias.family):
        return False
    return alias.ref.identifier in family.aliases


def alias_refs(family: Account) -> tuple[AccountRef, ...]:
    """List the items that may exist of a family's identifiers, those of former ones too."""
    names = (*family.aliases, *family.former_aliases)
    return tuple(AccountRef(family.ref.site, name) for name in names)


def with_identifier(family: Account, identifier: str) -> Account:
    """List a further identifier, or go back to an earlier one: those given after it open the account no longer."""
    chain = (family.ref.identifier, *family.aliases)
    staying = chain[1 : chain.index(identifier) + 1] if identifier in chain else (*family.aliases, identifier)
    former = dict.fromkeys((*family.former_aliases, *family.aliases))
    return replace(family, aliases=staying, former_aliases=tuple(name for name in former if name not in staying))


def written_identifier(family: Account) -> str:
    """Write the identifier of an account as the administration does."""
    return family.display_identifier or family.ref.identifier.upper()


def still_opens(family: Account, spelling: str) -> bool:
    """Whether an identifier opens a family's account."""
    return identifier_from(spelling) in {family.ref.identifier, *family.aliases}
