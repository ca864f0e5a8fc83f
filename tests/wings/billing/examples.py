"""The entries of billing in the tests of all pages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.billing.stores import Billing
from tests.support.billing import TO_PAY, bill
from tests.support.wing_examples import WingExamples
from tests.support.world import World

_FAMILY: Final = "/extranet/bureau/factures/{site}/{famille}"


def fill(world: World, ref: AccountRef, number: int) -> None:
    """Send a bill to a family, due on a day of its own."""
    bill(world, replace(TO_PAY, due_on=world.now.date() + timedelta(days=number)), to=ref)


def _changed(bills: Any, word: str) -> Any:
    return replace(bills, invoices=tuple(replace(invoice, label=word) for invoice in bills.invoices))


EXAMPLES: Final = WingExamples(
    words=r"[Ff]actur|invoices|faturas|فواتير",
    desk={_FAMILY: "reader", f"{_FAMILY}/{{facture}}": "reader"},
    lists={"factures": ("site", "etat", "tri")},
    fill=fill,
    stores=((Billing, "billing", _changed),),
)
