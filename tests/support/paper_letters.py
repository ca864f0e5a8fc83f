"""The office's letters to print, to fictitious families, a page with each kind of block, and networks with a look."""

import tomllib
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.family.households import Household
from chalicelib.presentation.office.postal_letter import LetterTemplate, PostalLetter
from chalicelib.presentation.printing.letters import write_letters
from chalicelib.settings.environment import Network, load_network
from chalicelib.settings.look import Look
from chalicelib.settings.look_files import read_look

HOME = ("12 bis, rue de l'Église", "91000 Évry-Courcouronnes")
LONG_NAME = (  # 120 characters
    "Mme Marie-Antoinette Rossignol-Bruyère et M. Jean-Baptiste Poquelin de "
    "Beaumarchais-Saint-Exupéry-Montmorency du Valvert"
)
PERIOD = EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 15))
PAGE = """<h1>Reçu</h1><p>Un <b>cœur</b>.</p>
<dl><div><dt>Numéro</dt><dd class="number">R27</dd></div><dt>Par</dt><dd>Anne</dd><dd>Paul</dd></dl>
<h2>Suite</h2><ul><li>Un</li><li>Deux</li></ul><p>Fin.</p><ul><li>Trois</li></ul>
<li class="rank">1. P27</li><li class="rank">2. P28 A</li><footer>Pied</footer>"""

NETWORK = load_network()
LOOKS = Path(__file__).parents[2] / "docs/exemple/looks"


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


def letters(*names: str, network: Network = NETWORK) -> bytes:
    """Print letters to families in one file."""
    content, to_print = BytesIO(), [letter_to(name, network=network) for name in names]
    assert write_letters(content, "Courrier", network, to_print, lambda: None) == []
    return content.getvalue()


def network_of(name: str) -> Network:
    """Give the tests' network an example's name and look."""
    tables = tomllib.loads((LOOKS / name / "look.toml").read_text("utf-8"))
    return replace(NETWORK, name=tables["name"], look=read_look(Look(**tables["look"]), LOOKS / name))
