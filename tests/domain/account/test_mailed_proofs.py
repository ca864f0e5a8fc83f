"""A login method that a mailbox alone proved ends when it leaves the file, by every road. One of a password stays."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.account.login_methods import CHOSEN, IdentityLink, Passkey
from chalicelib.domain.account.logins import end_mailed_proofs, follow_guardian
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.domain.roster.row_families import ListedFamily, update_account

NOW: Final = datetime(2026, 9, 1, 7, tzinfo=UTC)
PSEUDONYMS: Final = Pseudonyms("a key long enough for pseudonyms in tests")
AIMEES, COMES, NEW = "aimee@example.org", "come@example.net", "nouvelle@example.org"
METHODS: Final = {"inside": CHOSEN, "hers": AIMEES, "his": COMES, "either": f"{AIMEES} {COMES}", "before": ""}
FAMILY: Final = Account(
    AccountRef("evry-xenakis", "xen1"),
    "Famille Rossignol",
    (AIMEES, COMES),
    "the stamp",
    passkeys=tuple(Passkey(name, "key", 0, name, NOW, proof=proof) for name, proof in METHODS.items()),
    links=tuple(IdentityLink(name, NOW, proof=proof) for name, proof in METHODS.items()),
    household=Household((Guardian("Mme Aimée Rossignol", AIMEES), Guardian("M. Côme Merle", COMES))),
)
OWN: Final = replace(FAMILY, emails=(COMES,), family="xen1", role="guardian", household=Household())


def listed(*emails: str) -> Account:
    family = ListedFamily(FAMILY.ref, 2, "XEN 1", FAMILY.name, (), emails, listed_fields=frozenset({"emails"}))
    return update_account(FAMILY, family, PSEUDONYMS).after


def test_a_login_method_ends_with_the_address_that_proved_it_by_every_road() -> None:
    changes = {
        "removed": apply_email_change(FAMILY, EmailChange(removed=COMES), PSEUDONYMS),
        "replaced": apply_email_change(FAMILY, EmailChange(NEW, COMES), PSEUDONYMS),
        "the yearly file": listed(AIMEES),
        "any other": end_mailed_proofs(FAMILY, replace(FAMILY, emails=(NEW, AIMEES))),
        "his own login": follow_guardian(OWN, Guardian("M. Côme Merle", NEW)),
        "his own login without": follow_guardian(OWN, Guardian("M. Côme Merle")),
        "added": apply_email_change(FAMILY, EmailChange(NEW), PSEUDONYMS),
        "reordered": listed(COMES, AIMEES),
        "his new name": follow_guardian(OWN, Guardian("M. Côme Pie", COMES)),
    }
    methods = {road: tuple(link.subject for link in account.links) for road, account in changes.items()}

    stay = dict.fromkeys(changes, ("inside", "hers")) | dict.fromkeys(
        ("added", "reordered", "his new name"), (*METHODS,)
    )
    assert methods == stay | dict.fromkeys(("his own login", "his own login without"), ("inside",))
    assert {road: tuple(key.id for key in account.passkeys) for road, account in changes.items()} == methods
    over = {road for road, account in changes.items() if account.stamp != FAMILY.stamp}
    assert over == {road for road, names in methods.items() if len(names) < len(METHODS)}
    assert end_mailed_proofs(FAMILY, changes["removed"]).stamp == changes["removed"].stamp
