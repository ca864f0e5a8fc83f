"""This wing's entries in the tests of all pages, letters, mails and stores."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.wings.payment.domain.attempts import Attempt
from chalicelib.wings.payment.flows.questions import ask
from chalicelib.wings.payment.mail import PaymentReceived
from chalicelib.wings.payment.stores import PaymentStore
from tests.support.payments import payfip
from tests.support.wing_examples import MailCase, WingExamples
from tests.support.world import EMAIL, ROSSIGNOL, World
from tools.local.payfip import Operation

PAID: Final = Attempt(
    code="5f0c1a2b3c4d5e6f708192a3",
    bill="b1",
    number="2026/17",
    reference="Q7K2M9X4T1B8R5V3N6ZD",
    cents=13_200,
    paid_before=0,
    contract="999999",
    mode="W",
    email="rossignol@example.fr",
    by="Mme Rossignol",
    started_at=datetime(2026, 9, 1, 7, tzinfo=UTC),
    state="paid",
    operation="3f6f1a52-6f7b-4a7e-9d0c-1b2c3d4e5f60",
    ended_at=datetime(2026, 9, 1, 7, 4, tzinfo=UTC),
    paid_on=date(2026, 9, 1),
    authorization="112233",
)
OPEN: Final = replace(PAID, state="open", ended_at=None, paid_on=None, authorization="")

_KEY: Final = {"site": {"S": "the site"}, "identifier": {"S": "the identifier"}}
_SUMMARY: Final = '[1,["the code","the number",3,1788246000,"differs","2026-11-04"]]'
_LATER: Final = {"stamp": {"S": "the stamp"}, "expires": {"N": "2419484400"}, "summary": {"S": _SUMMARY}}
_WORDS: Final = ("code", "bill", "number", "reference", "contract", "email", "by", "operation", "authorization")
_TIMES: Final = ("started_at", "next_question_at", "abandoned_at", "ended_at")
_ATTEMPT: Final = {
    **{name: {"S": f"the {name}"} for name in _WORDS},
    **{name: {"N": "1788246000"} for name in _TIMES},
    **{name: {"N": "3"} for name in ("cents", "paid_before", "notices")},
    "mode": {"S": "W"},
    "state": {"S": "differs"},
    "paid_on": {"S": "2026-11-04"},
    "differences": {"L": [{"S": "the differences"}]},
}


def _begin(world: World) -> None:
    """Store a family's open attempt, begun with its address."""
    world.settle()
    attempt = replace(OPEN, email=EMAIL, started_at=world.now)
    world.services.store(PaymentStore).revise_at(ROSSIGNOL, lambda payments: replace(payments, attempts=(attempt,)))


def _confirm(world: World) -> None:
    """Ask the service, which says that it was paid."""
    with payfip(world) as local:
        fields = {"exer": "2026", "mel": EMAIL, "montant": "13200", "numcli": OPEN.contract, "objet": "Facture"}
        fields |= {"refdet": OPEN.reference, "saisie": OPEN.mode}
        local.operations[OPEN.operation] = Operation(fields, world.now, ["P"])
        ask(world.services, ROSSIGNOL, OPEN, world.now, "request-1")


def fill(world: World, ref: AccountRef, number: int) -> None:
    """Store a payment of a family, of an hour of its own."""
    at = world.now - timedelta(hours=number)
    attempt = replace(PAID, code=f"{number:024x}", started_at=at, ended_at=at, paid_on=at.date())
    world.services.store(PaymentStore).revise_at(ref, lambda payments: replace(payments, attempts=(attempt,)))


def _changed(payments: Any, word: str) -> Any:
    return replace(payments, attempts=tuple(replace(attempt, by=word) for attempt in payments.attempts))


EXAMPLES: Final = WingExamples(
    words=r"[Pp]aiements? en ligne|[Pp]ay[Ff]i[Pp]",
    letters={"payment_received": {"attempt": PAID}},
    desk={"/extranet/bureau/paiements/{site}/{famille}/{tentative}": "reader"},
    lists={"paiements": ("site", "etat", "jour", "tri")},
    fill=fill,
    mails=(MailCase(PaymentReceived, _begin, _confirm, "BatchGetItem", "not_written", is_claimed=True),),
    stores=((PaymentStore, "payments", _changed),),
    items={"PaymentStore": {"full": _KEY | {"attempts": {"L": [{"M": _ATTEMPT}]}} | _LATER, "bare": _KEY}},
)
