"""A letter by post, as it is to be printed: written by the office (`letter_words`), drawn by `printing.letters`."""

from dataclasses import field

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import frozen


@frozen
class PostalLetter:
    """One page, from the sender's block to the signature; `addressee` stands in the envelope's window."""

    ref: AccountRef
    sender: tuple[str, ...]
    addressee: tuple[str, ...] = field(repr=False)
    dated: str
    subject: str
    dates: str  # the paragraph of the opening that is to be seen first
    opening: tuple[str, ...] = field(repr=False)
    site: str
    identifier: str
    closing: tuple[str, ...]
    signature: tuple[str, ...]
