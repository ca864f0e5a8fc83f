"""The links « Ce n'est pas moi » in received mails."""

import re
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.change_links import ChangeLinks
from chalicelib.domain.family.corrections import Correction
from chalicelib.stores.mailboxes import Listing
from tests.support.world import World

NOT_ME: Final = "/extranet/compte/ce-n-est-pas-moi"
_LINK: Final = re.compile(rf"https?://\S+{NOT_ME}/([\w-]+)")


def link_of(world: World, ref: AccountRef, change: Correction, email: str) -> str:
    """Make the link of a change's notice to an address."""
    world.services.mailboxes.enter([Listing(email, ref)])
    changes = ChangeLinks(world.services.settings.key_ring("change-links"), world.services.record.pseudonyms)
    return str(changes.facts(ref, change, email)["not_me"])


def links(world: World, to: str) -> list[str]:
    """List the links in the mails to an address, oldest first."""
    return [sealed for mail in world.mails() if mail.to == to for sealed in _LINK.findall(mail.text)]


def last_link(world: World, to: str) -> str:
    """Return the link of the last notice to an address."""
    return links(world, to)[-1]
