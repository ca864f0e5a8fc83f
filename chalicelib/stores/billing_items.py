"""The item of a family's bills: every field, encoded and decoded."""

from datetime import date
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.billing.bills import Bills, Invoice, Payment
from chalicelib.infra.dynamo.values import Item


def key_of(ref: AccountRef) -> dict[str, str]:
    """Build the key of a family's bills."""
    return {"site": ref.site, "identifier": ref.identifier}


def item_of(ref: AccountRef, bills: Bills) -> dict[str, Any]:
    """Encode a family's bills. Only the key if it was never billed."""
    if not bills.stamp:
        return dict(key_of(ref))
    return key_of(ref) | {"stamp": bills.stamp, "invoices": list(map(_invoice_item, bills.invoices))}


def bills_from(item: Item | None) -> Bills:
    """Decode bills. Empty without an item."""
    if item is None:
        return Bills()
    return Bills(tuple(map(_invoice, item["invoices"])), item["stamp"], item)


def _invoice_item(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "issued_on": invoice.issued_on.isoformat(),
        "cents": invoice.cents,
        "due_on": invoice.due_on.isoformat() if invoice.due_on else None,
        "label": invoice.label or None,
        "payments": [
            {"on": payment.on.isoformat(), "cents": payment.cents, "how": payment.how or None}
            for payment in invoice.payments
        ]
        or None,
        "document": invoice.document or None,
    }


def _invoice(item: Item) -> Invoice:
    return Invoice(
        number=item["number"],
        issued_on=date.fromisoformat(item["issued_on"]),
        cents=item["cents"],
        due_on=date.fromisoformat(item["due_on"]) if "due_on" in item else None,
        label=item.get("label", ""),
        payments=tuple(
            Payment(date.fromisoformat(payment["on"]), payment["cents"], payment.get("how", ""))
            for payment in item.get("payments", ())
        ),
        document=item.get("document", ""),
    )
