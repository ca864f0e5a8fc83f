"""Pseudonyms, for logs and the queue: equal for the same person, and anonymous."""

import hashlib
import hmac

from chalicelib.domain.account.identifiers import email_from

_SHOWN = 20  # hexadecimal digits: 80 bits, no collision among millions of accounts


class Pseudonyms:
    """HMAC-SHA-256 under a key of the deployment: a list of identifiers cannot reverse it (RGPD, article 4.5)."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def of_mailbox(self, email: str) -> str:
        """Make the pseudonym of an e-mail address, after normalisation."""
        return self.of("mailbox", email_from(email))

    def is_mailbox(self, pseudonym: str, email: str) -> bool:
        """Whether the pseudonym is this address's, in constant time."""
        return hmac.compare_digest(pseudonym.encode(), self.of_mailbox(email).encode())

    def of_address(self, address: str) -> str:
        """Make the pseudonym of a network address, as in the record."""
        return self.of("address", address)

    def of_erased(self, site: str, identifier: str) -> str:
        """Make the name of an erased account's tombstone, unlike its pseudonym in the record."""
        return self.of("erased", site, identifier)

    def of(self, *parts: str) -> str:
        """Make the pseudonym of some words: 20 hexadecimal digits, deterministic."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:_SHOWN]
