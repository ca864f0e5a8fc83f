"""Login methods without a password, for accounts of tests."""

from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.account.login_methods import IdentityLink, Passkey

_ADDED: Final = datetime(2026, 8, 20, 9, tzinfo=UTC)
TELEPHONE: Final = Passkey("credential-of-the-telephone", "public-key", 0, "Téléphone d'Aimée", _ADDED)
COMPUTER: Final = Passkey("credential-of-the-computer", "other-key", 0, "Ordinateur", _ADDED)
LINK: Final = IdentityLink("pseudonym-of-aimee", _ADDED, "Mme Aimée Rossignol")
