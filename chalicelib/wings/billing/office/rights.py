"""Bills in a family's copy of its data, and in its erasure."""

from typing import Final

from chalicelib.office.declarations import Attribute, alone, declare, drop, give
from chalicelib.office.parts import RightsPart
from chalicelib.wings.billing.domain.bills import Bills, Due, Invoice, Payment
from chalicelib.wings.billing.office.survey import folder_of
from chalicelib.wings.billing.stores import Billing

RIGHTS_PART: Final = RightsPart(
    Attribute("bills", "given", "wings", "Factures"),
    Billing,
    {
        Bills: {**alone("invoices|"), **drop("ref", "stamp")},
        Invoice: {
            **give("number|n°", "issued_on| du", "label| « {} »", "cents| :", "due_on|à payer au plus tard le"),
            **give("payments|payé", "plan|échéancier", "instalments|à payer"),
            **declare("noted", "document|avec son PDF"),
        },
        Due: give("cents|", "on| le"),
        Payment: give("cents|", "on| le", "how|"),
    },
    folder_of,
)
