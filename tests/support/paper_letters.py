"""The office's letters to print, to fictitious families."""

from datetime import date
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.family.households import Household
from chalicelib.presentation.office.postal_letter import LetterTemplate, PostalLetter
from chalicelib.settings.environment import Network, load_network

HOME = ("12 bis, rue de l'Église", "91000 Évry-Courcouronnes")
LONG_NAME = (  # 120 characters
    "Mme Marie-Antoinette Rossignol-Bruyère et M. Jean-Baptiste Poquelin de "
    "Beaumarchais-Saint-Exupéry-Montmorency du Valvert"
)
PERIOD = EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 15))


NETWORK = load_network()


def letter_to(
    name: str = "Famille Rossignol",
    address: tuple[str, ...] = HOME,
    display_identifier: str = "MAG2001",
    *,
    period: EnrolmentPeriod | None = PERIOD,
    is_mailable: bool = True,
    **values: Any,
) -> PostalLetter:
    """Write to a family of the second site."""
    network: Network = values.pop("network", NETWORK)
    site = network.sites[1]
    account = Account(
        AccountRef(site.code, "mag2001"),
        name,
        values.pop("emails", ("famille@example.org",)),
        "stamp",
        display_identifier=display_identifier,
        household=Household(address=address),
        **values,
    )
    return LetterTemplate(network, site, period, date(2026, 8, 31)).letter(account, is_mailable=is_mailable)
