"""The settings of billing: `[billing]` in `network.toml`."""

from dataclasses import field

from chalicelib.settings.parts import Part
from chalicelib.values import frozen


@frozen
class BillingSettings(Part):
    """The address of the online payment service, if there is one, and the column headings of the list of invoices."""

    payment_url: str | None = field(default=None, metadata={"pattern": r"^https://\S+$"})
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # a column of ours to the headings it may have
