"""Payments in a family's copy of its data, and those that accounting keeps beside its erasure."""

from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.declarations import Attribute, alone, declare, drop, give, withhold
from chalicelib.office.parts import RightsPart
from chalicelib.services.office import OfficeServices
from chalicelib.wings.payment.domain.attempts import Attempt, Payments
from chalicelib.wings.payment.stores import PaymentStore


def _keep(services: OfficeServices, ref: AccountRef) -> bool:
    """Take names and addresses from the payments that accounting keeps. Return whether there are any."""
    _, payments = services.store(PaymentStore).revise_at(ref, Payments.without_names)
    return bool(payments.attempts)


RIGHTS_PART: Final = RightsPart(
    Attribute("payments", "given", "wings", "Paiements en ligne"),
    PaymentStore,
    {
        Payments: {**alone("attempts|"), **drop("ref", "stamp")},
        Attempt: {
            **give(
                "number|facture n°", "cents| :", "state|", "started_at|commencé le", "by|par", "email|avec l'adresse"
            ),
            **give("reference|référence", "paid_on|payé le", "ended_at|fini le", "authorization|autorisation"),
            **declare("if_any", "abandoned_at|abandonné le"),
            **withhold("operation", "differences"),
            **drop("code", "bill", "paid_before", "contract", "mode", "next_question_at", "notices"),
        },
    },
    keep=_keep,
    join=Payments.in_order,
)
