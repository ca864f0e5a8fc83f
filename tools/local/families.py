"""Fictitious families of `families.toml`, one for each case worth trying."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from chalicelib.domain.account.accounts import Account, AccountRef, Password, new_stamp
from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.domain.family.households import Household
from chalicelib.services.family import Services


@dataclass(frozen=True)
class SampleFamily:
    """A family to try: its data on file, and its password, if any."""

    site: str
    identifier: str
    name: str
    note: str
    household: Household
    password: str | None = None
    disabled: bool = False

    @property
    def emails(self) -> tuple[str, ...]:
        """The addresses of its guardians."""
        return tuple(guardian.email for guardian in self.household.guardians if guardian.email)

    @property
    def ref(self) -> AccountRef:
        """The key of its account."""
        return AccountRef(self.site, identifier_from(self.identifier))

    def account(self, services: Services, now: datetime) -> Account:
        """Make its account."""
        hashed = services.hasher.hash(self.password) if self.password else None
        return Account(
            ref=self.ref,
            name=self.name,
            emails=tuple(map(email_from, self.emails)),
            stamp=new_stamp(),
            disabled=self.disabled,
            display_identifier=self.identifier,
            password=Password(hashed, now, "chosen") if hashed else None,
            household=self.household,
        )


FAMILIES: Final = TypeAdapter(tuple[SampleFamily, ...]).validate_python(
    tomllib.loads(Path(__file__).with_name("families.toml").read_text(encoding="utf-8"))["families"]
)


def store_families(services: Services) -> None:
    """Store every family's account."""
    now = services.clock()
    for family in FAMILIES:
        account = family.account(services, now)
        services.accounts.enter_mailboxes(account)
        services.database.write_together(services.accounts.put(account))


def print_families() -> None:
    """List the families for a tester: site, identifier, password, addresses, and use."""
    for family in FAMILIES:
        password, emails = family.password or "-", ", ".join(family.emails) or "-"
        print(f"  {family.site:<22} {family.identifier:<8} {password:<16} {emails:<44} {family.note}")
