"""A letter by post, ready to print: composed by the office (`letter_words`), drawn by `printing.letters`."""

from dataclasses import field

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.values import frozen


@frozen
class PostalLetter:
    """One page, from the sender to the signature. `addressee`: the block for the envelope's window."""

    ref: AccountRef
    sender: tuple[str, ...]
    addressee: tuple[str, ...] = field(repr=False)
    dated: str
    subject: str
    dates: str  # the highlighted paragraph of the opening
    opening: tuple[str, ...] = field(repr=False)
    site: str
    identifier: str
    closing: tuple[str, ...]
    signature: tuple[str, ...]
