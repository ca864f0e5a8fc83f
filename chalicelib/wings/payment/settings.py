"""The settings of online payment: `[payment]` in `network.toml`."""

from dataclasses import field
from typing import Final

from chalicelib.settings.parts import Part
from chalicelib.values import frozen
from chalicelib.wings.payment.domain.attempts import Mode, Terms

_CONTRACT: Final = r"^\d{6}$"


@frozen
class PaymentSettings(Part):
    """The contracts of the régies with PayFiP (`numcli`): one for all sites, or a site's own.

    `mode`: the service's `saisie`: T tests, X activates, W is production. `limit`: euros of one payment. `address`: of
    the service, before `/tpa`.
    """

    contract: str = field(metadata={"pattern": _CONTRACT})
    contracts: dict[str, str] = field(default_factory=dict)
    mode: Mode = "T"
    limit: int = field(default=10_000, metadata={"ge": 1, "le": 100_000})
    address: str = field(
        default="https://www.payfip.gouv.fr", metadata={"pattern": r"^https://[^/\s?#]+$|^http://127\.0\.0\.1:\d+$"}
    )

    def terms(self, site: str) -> Terms:
        """Return the terms of a site's contract."""
        return Terms(self.contracts.get(site, self.contract), self.mode, self.limit * 100)
