"""What one login sees of its family: who speaks, and where coordinates are separated, those of its own guardian."""

from dataclasses import replace

from chalicelib.domain.account.accounts import Account, AccountRef, View
from chalicelib.domain.account.logins import first_guardians, guardian_of, login_refs


def as_seen(family: Account, login: AccountRef) -> Account:
    """Show a family's account as one of its logins may see it; itself where it has one login, and all is shared."""
    own = guardian_of(family, login)
    if own is None and not family.separated_at and not login_refs(family):
        return family
    present = (own,) if own else first_guardians(family)
    return replace(family, view=View(own.login if own else "", tuple(guardian.name for guardian in present)))
