"""Names that say « the same one » without saying who: for the record and the queue."""

import hashlib
import hmac

from chalicelib.domain.account.identifiers import email_from

_SHOWN = 20  # hexadecimal digits: 80 bits, no collision among millions of accounts


class Pseudonyms:
    """HMAC-SHA-256 under a key of the deployment: without it a list of identifiers is no help (RGPD, article 4.5)."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def of_mailbox(self, email: str) -> str:
        """Name an address by its pseudonym, however it is written."""
        return self.of("mailbox", email_from(email))

    def is_mailbox(self, pseudonym: str, email: str) -> bool:
        """Whether the pseudonym is this address's, in constant time."""
        return hmac.compare_digest(pseudonym.encode(), self.of_mailbox(email).encode())

    def of_address(self, address: str) -> str:
        """Name a network address by its pseudonym, as the record does."""
        return self.of("address", address)

    def of(self, *parts: str) -> str:
        """Make the pseudonym of some words: 20 hexadecimal digits, always the same."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:_SHOWN]
