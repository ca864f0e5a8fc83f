"""The link of an invitation, which seals its member and secret."""

from typing import Final

from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.staff.seals import Seal

_PATH: Final = "/extranet/bureau/invitation/"
_KIND: Final = "invitation"


def invitation_link(keys: KeyRing, email: str, secret: str) -> str:
    """Make the sealed part of an invitation's URL: `{lien}` of `invitation_path`.

    `keys`: of `staff-links`. `secret`: `members.new_link_secret()`, of which the member has the digest.
    """
    return Seal(keys, _KIND).seal_text(email, secret)


def invitation_path(lien: str) -> str:
    """Build the path of an invitation below the public URL, for mails, pages and redirects."""
    return _PATH + lien


def read_link(keys: KeyRing, lien: str) -> tuple[str, str] | None:
    """Read the address and secret of a link. None if it is invalid, or its key was retired."""
    words = Seal(keys, _KIND).open_sent(lien)
    return (words[0], words[1]) if words and len(words) == len(("email", "secret")) else None
