"""Random guardians of a family's rows, and the fields of an account that an import may write."""

from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.roster.yearly_file import Column

OWN: Final[dict[Column, str]] = {("site", 1): "evry xenakis", ("identifier", 1): "XEN 1"}
NAMES: Final = ("", "Dupont", "DUPONT", "Mme Dupont", "M. Dupont", "Rose Martin", "Léo Houx")
EMAILS: Final = ("", *(f"{letter}@example.org" for letter in "abcd"))
TELEPHONES: Final = ("", *(f"01 99 00 00 0{digit}" for digit in range(1, 5)))
STREETS: Final = ("", "1 rue du Lac", "2 rue du Parc")
GUARDIANS: Final = {"guardian": NAMES, "email": EMAILS, "telephone": TELEPHONES, "guardian_address": STREETS}
ONCE: Final = {
    "name": ("Famille Dupont", "Famille Houx"), "address": STREETS, "payer": ("", "Mme Dupont"), "pupil": ("", "Zoé"),
}  # fmt: skip


def values(account: Account) -> dict[str, Any]:
    """List the fields that an import may write, by their displayed names."""
    guardians = account.household.guardians
    return {
        "name": account.name,
        "written": account.display_identifier,
        "emails": account.emails,
        "guardians": tuple(guardian.name for guardian in guardians),
        "telephones": tuple(guardian.telephone for guardian in guardians),
        "guardian_addresses": tuple(guardian.address for guardian in guardians),
        "guardian_emails": tuple(guardian.email for guardian in guardians),
        "address": account.household.address,
        "payer": account.household.payer,
        "pupils": account.household.pupils,
    }
